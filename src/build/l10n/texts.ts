import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest } from '../generateManifest.ts';
import { extractTexts } from './extractTexts.ts';
import { translatedTexts, withoutTexts } from './manifestTexts.ts';
import { translationFaults } from './translationFaults.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What holds translations, by the English, as people write them. */
const FOLDER = 'l10n';
/** What may speak to a person in the editor. */
const SOURCES = ['src/surfaces/editor', 'src/main', 'webview'];
const BUNDLE = /^bundle\.l10n\.(.+)\.json$/;

type Texts = Readonly<Record<string, string>>;

/** Languages that there are, beside English. */
export async function languages(): Promise<readonly string[]> {
  const names = await readdir(join(root, FOLDER));
  return names.flatMap(name => BUNDLE.exec(name)?.[1] ?? []).sort();
}

/** Every text that the code of the editor and its pages shows, by itself: `l10n/bundle.l10n.json`. */
export async function codeTexts(): Promise<Texts> {
  const texts: string[] = [];
  for (const folder of SOURCES) {
    const names = await readdir(join(root, folder), { recursive: true });
    for (const name of names.filter(one => one.endsWith('.ts')).sort())
      texts.push(...extractTexts(join(folder, name), await readFile(join(root, folder, name), 'utf8')));
  }
  return Object.fromEntries([...new Set(texts)].sort().map(text => [text, text]));
}

/** What the manifest shows in a language, by key: `package.nls.<language>.json`. */
export async function manifestTexts(language: string): Promise<Texts> {
  return translatedTexts(withoutTexts(manifest()).texts, await read(`package.${language}.json`));
}

/** What is to be mended in the translations; empty when each is complete. */
export async function allTranslationFaults(): Promise<readonly string[]> {
  const code = Object.keys(await codeTexts());
  const shown = Object.values(withoutTexts(manifest()).texts);
  const faults: string[] = [];
  for (const language of await languages())
    for (const [name, texts] of [
      [`bundle.l10n.${language}.json`, code] as const,
      [`package.${language}.json`, shown] as const,
    ])
      faults.push(...translationFaults(`${FOLDER}/${name}`, texts, await read(name)));
  return faults;
}

async function read(name: string): Promise<Texts> {
  return JSON.parse(await readFile(join(root, FOLDER, name), 'utf8')) as Texts;
}
