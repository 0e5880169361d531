import { BrowserPage } from '../../browserPage.ts';
import { callerOf, person } from '../people.ts';
import type { PictureStage } from '../pictureStage.ts';
import { SETTLED_MS, type View } from '../shot.ts';
import { hideSideBar } from './sideBar.ts';

/** What was found, and one memory whole. */
export const browser: View = async ({ bench }, shot) => {
  const { page } = bench;
  const memories = await openBrowser(bench);
  await memories.search('how often is a payment tried again');
  await memories.status(/found/).waitFor();
  await memories.choose('Payments are retried five times', /full jitter/);
  await page.mouse.move(640, 790);
  await page.waitForTimeout(SETTLED_MS);
  await shot('browser');
};

/** Who changed what, line by line. */
export const history: View = async ({ bench, engine }, shot) => {
  const { page } = bench;
  const { memories: all } = await engine.memories.list({}, { limit: 100, offset: 0 }, person);
  const amounts = all.find(({ content }) => content.startsWith('Amounts are integers'))!;
  await engine.memories.update(
    amounts.id,
    { content: `${amounts.content} Taxes are rounded once, at the end.`, tags: ['money', 'taxes'] },
    callerOf('claude-code'),
  );
  const memories = await openBrowser(bench);
  await memories.search('how are amounts of money kept');
  await memories.choose('Amounts are integers', /Taxes are rounded/);
  await page.mouse.move(640, 790);
  await shot('history', { prepare: () => unfoldHistory(memories) });
};

/** What was done to the memory meanwhile writes its details anew. */
async function unfoldHistory(memories: BrowserPage): Promise<void> {
  for (const closed of ['[data-part=found][open]', '[data-part=history]:not([open])', '.diff:not([open])']) {
    const summary = memories.detail().locator(`details${closed} > summary`).first();
    if (await summary.isVisible()) await summary.click();
  }
  const diff = memories.detail().locator('details.diff[open]').first();
  await diff.waitFor();
  await diff.scrollIntoViewIfNeeded();
  await memories.page.waitForTimeout(SETTLED_MS);
}

/** All memories by day, with what is like the chosen one. */
export const timeline: View = async ({ bench }, shot) => {
  const { page } = bench;
  const memories = await openBrowser(bench);
  await memories.search('');
  await memories.frame.getByRole('tab', { name: 'Timeline' }).click();
  await memories.choose('Payments are retried five times', /full jitter/);
  await memories.unfold('Similar memories');
  await memories.detail().getByRole('button', { name: 'Merge' }).first().waitFor();
  await page.mouse.move(640, 790);
  await page.waitForTimeout(SETTLED_MS);
  await shot('timeline');
};

/** Wide: without the side bar. */
export async function openBrowser(bench: PictureStage['bench']): Promise<BrowserPage> {
  const memories = new BrowserPage(bench.page);
  await hideSideBar(bench);
  await bench.command('Memory Central: Open Memory Browser');
  await memories.ready();
  return memories;
}
