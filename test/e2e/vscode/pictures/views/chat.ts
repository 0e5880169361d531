import { SETTLED_MS, type View } from '../shot.ts';

/** The participant's answer, beside the editor. */
export const chat: View = async ({ bench }, _shot, stepShot) => {
  const { page } = bench;
  await bench.command('View: Toggle Secondary Side Bar Visibility');
  const part = page.locator('.part.auxiliarybar');
  await part.waitFor();
  const { x } = (await part.boundingBox())!;
  await page.mouse.move(x - 2, 600);
  await page.mouse.down();
  await page.mouse.move(660, 600, { steps: 4 });
  await page.mouse.up();
  await bench.chat('@memory /recall what to know before changing payment retries');
  await bench.answer(/five times/).waitFor();
  await page.mouse.move(300, 500);
  await page.waitForTimeout(SETTLED_MS);
  await stepShot('ask', { clip: { x: 655, y: 30, width: 625, height: 740 } });
  await bench.command('View: Toggle Secondary Side Bar Visibility');
};
