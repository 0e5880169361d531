import { atWork } from '../atWork.ts';
import { SETTLED_MS, type View } from '../shot.ts';
import { openSideBar, SIDE_BAR } from './sideBar.ts';

/** Tasks by agent, one of which is dragged onto another; then all as a document, and the message that one was completed. */
export const tasks: View = async ({ bench, engine }, shot) => {
  const { page } = bench;
  const complete = await atWork(engine);
  await openSideBar(bench, ['Agents', 'Tasks', 'Memories']);
  await bench.viewAction('Tasks', 'Group Tasks by Agent');
  const to = bench.rowOf('Tasks', 'Gemini CLI on laptop').first();
  await to.waitFor();
  const letGo = async () => {
    await page.keyboard.press('Escape');
    await page.mouse.up();
  };
  const drag = async () => {
    await letGo();
    await bench.rowOf('Tasks', 'Translate the invoices').first().hover();
    await page.mouse.down();
    await to.hover();
    await to.hover();
    await page.waitForTimeout(SETTLED_MS);
  };
  await shot('tasks-by-agent', { clip: SIDE_BAR, prepare: drag });
  await letGo();
  await bench.viewAction('Tasks', 'Group Tasks by State');

  await bench.command('View: Toggle Primary Side Bar Visibility');
  await bench.command('Memory Central: Open Tasks as a Document');
  await page.locator('.tab', { hasText: 'Tasks.md' }).waitFor();
  await complete();
  await bench.notification('completed').hover();
  await page.waitForTimeout(SETTLED_MS);
  await shot('tasks');
  await bench.closeNotification('completed');
};
