import { SETTLED_MS, type View } from '../shot.ts';

/** The first question of the wizard. */
export const redis: View = async ({ bench }, shot) => {
  const { page } = bench;
  await bench.command('Memory Central: Connect to the Central Redis…');
  await bench.quickPick('Behind Sentinels').waitFor();
  // Its tip would lie above the title.
  await page.mouse.move(640, 700);
  await page.waitForTimeout(SETTLED_MS);
  await shot('redis', { clip: { x: 330, y: 0, width: 620, height: 290 } });
  await page.keyboard.press('Escape');
};
