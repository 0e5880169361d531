import { SETTLED_MS, type View } from '../shot.ts';

/** What empty views say, in a folder about which nothing is known. */
export const welcome: View = async ({ openNew }, shot) => {
  const bench = await openNew('new-project');
  const { page } = bench;
  await bench.command('View: Show Memory Central');
  await bench.toggleView('Agents');
  await bench.pane('Tasks').getByText('No task is queued.').waitFor();
  await bench.pane('Memories').getByText('Nothing is remembered here yet.').waitFor();
  await page.mouse.move(800, 400);
  await page.waitForTimeout(SETTLED_MS);
  await shot('welcome', { bench, clip: { x: 0, y: 34, width: 354, height: 736 } });
  await page.context().close();
};
