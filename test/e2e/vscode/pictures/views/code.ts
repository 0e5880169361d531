import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOME } from '../otherMachine.ts';
import type { PictureStage } from '../pictureStage.ts';
import { type Clip, SETTLED_MS, type View } from '../shot.ts';
import { hideSideBar } from './sideBar.ts';

const FILE = 'src/retry.ts';
const PART: Clip = { x: 0, y: 35, width: 780, height: 300 };

/** What is remembered of code, and what becomes of that when the code changes. */
export const code: View = async ({ bench }, shot) => {
  const { page } = bench;
  await hideSideBar(bench);
  await bench.openFile(FILE);
  await page.locator('.view-line', { hasText: 'Math.random' }).waitFor();
  await shot('code', { clip: PART, prepare: () => hoverOn(bench, '1 memory here') });

  const path = join(HOME, 'orders', FILE);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('* 100', '* 250'));
  await page.locator('.codelens-decoration', { hasText: 'the code has changed' }).waitFor();
  await shot('code-stale', { clip: PART, prepare: () => hoverOn(bench, 'The code has changed since') });
  await writeFile(path, text);
};

async function hoverOn({ page }: PictureStage['bench'], shown: string): Promise<void> {
  const line = page.locator('.editor-instance .monaco-editor .view-line', { hasText: 'Math.random' });
  const box = page.locator('.monaco-hover:visible', { hasText: shown });
  for (let attempt = 0; attempt < 20; attempt++) {
    const { x, y } = (await line.boundingBox())!;
    await page.mouse.move(x + 300, y + 400);
    // Otherwise the editor shows again what it has shown.
    await page.locator('.monaco-hover:visible').waitFor({ state: 'detached' });
    await page.mouse.move(x + 60, y + 9, { steps: 4 });
    await page.waitForTimeout(SETTLED_MS);
    // As long as the language is being read, its own part of the hover is not there.
    if ((await box.isVisible()) && !/Loading/.test((await box.textContent()) ?? '')) return;
  }
  throw new Error(`The pointer rests on the code, and nothing says ${shown}.`);
}
