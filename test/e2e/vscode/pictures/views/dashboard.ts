import { atWork } from '../atWork.ts';
import type { View } from '../shot.ts';

/** Lines need some points. Milliseconds. */
const COURSE_MS = 25_000;

/** Where a GPU works, and where there is none. */
export const dashboard: View = async ({ bench, engine, takeGpuOut }, shot) => {
  const { page } = bench;
  await atWork(engine);
  if (await page.locator('.part.sidebar').isVisible())
    await bench.command('View: Toggle Primary Side Bar Visibility');
  await page.setViewportSize({ width: 1280, height: 900 });
  await bench.command('Memory Central: Open Dashboard');
  const frame = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  await frame.locator('section#gpu-0').waitFor();
  await page.mouse.move(640, 890);
  await page.waitForTimeout(COURSE_MS);
  await shot('dashboard');
  await takeGpuOut();
  await frame.locator('section#cpu').getByText('No GPU').waitFor();
  await shot('dashboard-cpu');
  await page.setViewportSize({ width: 1280, height: 800 });
};
