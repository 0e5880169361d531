import { atWork } from '../atWork.ts';
import { callerOf } from '../people.ts';
import type { PictureStage } from '../pictureStage.ts';
import { SETTLED_MS, type View } from '../shot.ts';

const VIEWS = ['Agents', 'Tasks', 'Memories', 'Review', 'Sessions', 'Health'];
/** Width of the side bar, with what stands left of it. CSS pixels. */
const WIDE = 470;
/** The side bar alone. */
export const SIDE_BAR = { x: 0, y: 34, width: WIDE + 4, height: 736 };

/** Agents and tasks at work, and a memory that was chosen. */
export const sideBar: View = async ({ bench, engine }, shot) => {
  const { page } = bench;
  await atWork(engine);
  await openSideBar(bench, ['Agents', 'Tasks', 'Memories']);
  await bench.rowOf('Agents', 'Gemini CLI on laptop').first().waitFor();
  await bench.treeItem('Never charge a card twice').click();
  await page.locator('.tab', { hasText: 'Never charge' }).waitFor();
  await page.mouse.move(900, 600);
  await page.waitForTimeout(SETTLED_MS);
  await shot('side-bar');
};

/** What sessions left, and how each component is. */
export const health: View = async ({ bench, engine }, shot) => {
  const { page } = bench;
  const session = 'retries';
  await engine.memories.store(
    [
      { content: 'The bank closes a connection after 30 s without a word.', tags: ['payments'], session },
      { content: 'Retries of one order share a span in the traces.', tags: ['retries'], session },
    ],
    callerOf('claude-code'),
  );
  await engine.records.sessions.put({
    ...{ id: session, context: 'Retries wait with jitter now.', files: ['src/retry.ts'] },
    ...{ currentTask: 'Retry payments with jitter', lastTool: 'edit', node: 'tower' },
  });
  await openSideBar(bench, ['Sessions']);
  await bench.rowOf('Sessions', 'Retry payments with jitter').click();
  await bench.rowOf('Sessions', 'The bank closes').waitFor();
  await page.mouse.move(900, 600);
  await shot('sessions', { clip: SIDE_BAR });

  await openSideBar(bench, ['Health']);
  await bench.viewAction('Health', 'Check Again');
  await bench.rowOf('Health', /^store/).waitFor();
  await page.mouse.move(900, 600);
  await page.waitForTimeout(SETTLED_MS);
  await shot('health', { clip: SIDE_BAR });
};

/** Wide enough to read, with these views open and the others folded. */
export async function openSideBar(bench: PictureStage['bench'], open: readonly string[]): Promise<void> {
  const { page } = bench;
  await bench.command('View: Show Memory Central');
  for (const view of VIEWS) {
    const header = bench.pane(view).locator('.pane-header').first();
    const isOpen = (await header.getAttribute('aria-expanded')) === 'true';
    if (isOpen !== open.includes(view)) await bench.toggleView(view);
  }
  const { x, width } = (await page.locator('.part.sidebar').boundingBox())!;
  if (Math.abs(x + width - WIDE) < 6) return;
  await page.mouse.move(x + width + 2, 600);
  await page.mouse.down();
  await page.mouse.move(WIDE, 600, { steps: 4 });
  await page.mouse.up();
}

export async function hideSideBar(bench: PictureStage['bench']): Promise<void> {
  if (await bench.page.locator('.part.sidebar').isVisible())
    await bench.command('View: Toggle Primary Side Bar Visibility');
}
