import { SETTLED_MS, type View } from '../shot.ts';

/** The second step, with its picture. */
export const walkthrough: View = async ({ bench }, shot) => {
  const { page } = bench;
  if (await page.locator('.part.sidebar').isVisible())
    await bench.command('View: Toggle Primary Side Bar Visibility');
  await bench.command('Memory Central: Get Started');
  const step = page.locator('.getting-started-step', { hasText: 'Recall it in other words' });
  await step.click();
  await page.waitForTimeout(SETTLED_MS);
  await shot('walkthrough');
};
