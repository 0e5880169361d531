import { callerOf, person } from '../people.ts';
import { SETTLED_MS, type View } from '../shot.ts';
import { openSideBar } from './sideBar.ts';

/** What an agent changed, beside what was accepted. */
export const review: View = async ({ bench, engine }, shot) => {
  const { page } = bench;
  const [own] = await engine.memories.store([{ content: 'The nightly run starts at two.' }], person);
  await engine.memories.update(
    own!.memory.id,
    { content: 'The nightly run starts at three, after the bank is back.', tags: ['payments'] },
    callerOf('claude-code'),
  );
  await openSideBar(bench, ['Review']);
  await bench.rowOf('Review', 'The nightly run starts at three').click();
  await page.locator('.monaco-diff-editor .editor.modified .view-lines', { hasText: 'at three' }).waitFor();
  await page.mouse.move(900, 600);
  await page.waitForTimeout(SETTLED_MS);
  await shot('review');
};
