import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../src/main/assets.ts';
import { startBrowser } from './editorWindow.ts';
import { isOtherMachine, runOnOtherMachine } from './pictures/otherMachine.ts';
import { type PictureStage, pictureStage, type Theme } from './pictures/pictureStage.ts';
import type { Shot } from './pictures/shot.ts';
import { smallPng } from './pictures/smallPng.ts';
import { takeViews } from './pictures/takeViews.ts';

/** By the folder of a theme's pictures, which is also the end of their names in the walkthrough. */
const THEMES: Readonly<Record<string, Theme>> = {
  dark: { name: 'Dark Modern', className: 'vs-dark' },
  light: { name: 'Light Modern', className: 'vs' },
  hc: { name: 'Default High Contrast', className: 'hc-black' },
  'hc-light': { name: 'Default High Contrast Light', className: 'hc-light' },
};
const IMAGES = join(packageRoot, 'docs', 'images');
const STEPS = join(packageRoot, 'media', 'walkthrough');
const FAILED = join(packageRoot, '.cache', 'screenshots');

/**
 * Every view in four themes, taken in the real editor: `npx tsx test/e2e/vscode/takePictures.ts [view …]`. Into `docs/images/<theme>/` for
 * README and docs, and the steps of the walkthrough into `media/walkthrough/`. The walkthrough shows these: take it last.
 */
async function main(views: readonly string[]): Promise<void> {
  for (const folder of [STEPS, ...Object.keys(THEMES).map(theme => join(IMAGES, theme))])
    await mkdir(folder, { recursive: true });
  const browser = await startBrowser();
  try {
    await using stage = await pictureStage(browser);
    await takeViews(
      stage,
      inEachTheme(stage, (view, theme) => join(IMAGES, theme, `${view}.png`)),
      inEachTheme(stage, (step, theme) => join(STEPS, `${step}-${theme}.png`)),
      name => stage.bench.page.screenshot({ path: join(FAILED, `failed picture ${name}.png`) }),
      views,
    );
  } finally {
    await browser.close();
  }
}

function inEachTheme(stage: PictureStage, file: (name: string, theme: string) => string): Shot {
  return async (name, { clip, prepare, bench = stage.bench } = {}) => {
    for (const [theme, worn] of Object.entries(THEMES)) {
      await stage.wear(worn);
      await prepare?.();
      await bench.statusText(/indexing/).waitFor({ state: 'detached' });
      await writeFile(file(name, theme), smallPng(await bench.page.screenshot(clip && { clip })));
    }
  };
}

if (isOtherMachine()) await main(process.argv.slice(2));
else process.exitCode = await runOnOtherMachine();
