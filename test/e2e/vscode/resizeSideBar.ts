import type { Page } from 'playwright-core';
import { until } from '../../fixtures/until.ts';

/** Drags the edge of the side bar. @param wide pixels, as far as the editor allows it */
export async function resizeSideBar(page: Page, wide: number): Promise<void> {
  const box = async () => (await page.locator('.part.sidebar').boundingBox())!;
  const { x, width } = await box();
  const edge = x + width + 2;
  await page.mouse.move(edge - 20, 600);
  await page.mouse.move(edge, 600, { steps: 4 });
  await page.mouse.down();
  await page.mouse.move(x + wide, 600, { steps: 8 });
  await page.mouse.up();
  await until(async () => Math.abs((await box()).width - wide) < 10);
}
