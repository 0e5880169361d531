import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MEMORY_TYPES } from '../../../../../src/engine/model/memory.ts';
import { packageRoot } from '../../../../../src/main/assets.ts';
import { until } from '../../../../fixtures/until.ts';
import { callerOf } from '../people.ts';
import { SETTLED_MS, type View } from '../shot.ts';
import { openBrowser } from './browser.ts';

/** Of our own docs, told by three agents: a map needs more memories than the other pictures. */
export const map: View = async ({ bench, engine }, shot) => {
  const { page } = bench;
  let told = 0;
  for (const [i, paragraphs] of (await docsByPage()).entries()) {
    const agent = callerOf(['claude-code', 'gemini-cli', 'codex'][i % 3]!);
    const drafts = paragraphs.map(content => ({ content, type: MEMORY_TYPES[i % MEMORY_TYPES.length]! }));
    await engine.memories.store(drafts, agent);
    told += drafts.length;
  }
  const memories = await openBrowser(bench);
  await memories.search('');
  await memories.frame.getByRole('tab', { name: 'Map' }).click();
  // The window's own engine embeds them meanwhile.
  await until(async () => {
    const [, count] = /^([\d,]+) memories$/.exec((await memories.status(/./).textContent()) ?? '') ?? [];
    return Number(count?.replace(',', '')) >= told;
  });
  await page.mouse.move(640, 790);
  await page.waitForTimeout(SETTLED_MS);
  await shot('map');
};

async function docsByPage(): Promise<readonly (readonly string[])[]> {
  const folder = join(packageRoot, 'docs');
  const pages = (await readdir(folder)).filter(name => name.endsWith('.md')).sort();
  const texts = await Promise.all(pages.map(name => readFile(join(folder, name), 'utf8')));
  return texts.map(text =>
    text
      .split(/\n{2,}/)
      .filter(paragraph => /^\w/.test(paragraph) && paragraph.length > 80)
      .slice(0, 25),
  );
}
