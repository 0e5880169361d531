import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { packageRoot } from '../../main/assets.ts';

interface Described {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** Kept here for packages that come without the text of their licence. */
const OWN_TEXTS = join(packageRoot, 'src', 'build', 'packaging', 'notices');
/** Under the Apache licence, whose text comes with this package. */
const APACHE_TEXT_OF = '@huggingface/tokenizers';
const MODEL: Described = {
  name: 'all-MiniLM-L6-v2, the embedding model of sentence-transformers (exported and quantised, see media/models)',
  version: 'v2',
  license: 'Apache-2.0',
};
/** Parts of its library are compiled into the scan. */
const COMPILER = 'assemblyscript';

/**
 * The licences of everything that ships and is not ours. Rejects when a package has none that is known.
 * @param bundles what the bundler read
 * @param shipped folders of the packages that ship as they are
 */
export async function thirdPartyNotices(bundles: Metafile, shipped: readonly string[]): Promise<string> {
  const folders = [...bundledFolders(bundles), ...shipped, join(packageRoot, 'node_modules', COMPILER)];
  /** Packages by the text they share. */
  const texts = new Map<string, Set<string>>();
  const add = (text: string, { name, version, license }: Described) => {
    const packages = texts.get(text) ?? new Set();
    texts.set(text, packages.add(`${name} ${version} (${license})`));
  };
  for (const folder of folders) {
    const described = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Described;
    add(await licenceText(folder, described), described);
  }
  add(await licenceText(join(packageRoot, 'node_modules', APACHE_TEXT_OF), MODEL), MODEL);
  const parts = [...texts].map(([text, packages]) => ({ text, packages: [...packages].sort() }));
  parts.sort((a, b) => (a.packages[0]! < b.packages[0]! ? -1 : 1));
  return [
    'Memory Central contains the following software and data of others. Each list is followed by the licence it is under.',
    ...parts.map(({ packages, text }) => `${packages.map(one => `* ${one}`).join('\n')}\n\n${text}`),
  ].join(`\n\n${'-'.repeat(100)}\n\n`);
}

/** Of the packages whose code is in a bundle; what was only read does not count. */
function bundledFolders({ outputs }: Metafile): readonly string[] {
  const inputs = Object.values(outputs).flatMap(output => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
    .filter(folder => folder !== undefined);
  return [...new Set(folders)].map(folder => join(packageRoot, folder));
}

async function licenceText(folder: string, { name, version }: Described): Promise<string> {
  const files = (await readdir(folder)).filter(file => /^(?:licen[cs]e|notice|copying)/i.test(file)).sort();
  const texts = await Promise.all(files.map(file => readFile(join(folder, file), 'utf8')));
  if (texts.length > 0) return normalised(texts.join('\n\n'));
  const path = textFor(name, version);
  return normalised(
    await readFile(path, 'utf8').catch(cause => {
      throw new Error(`${name}@${version} has no licence text; expected it in ${path}.`, { cause });
    }),
  );
}

/** Parts of one project share its text. */
function textFor(name: string, version: string): string {
  if (name.startsWith('@libsql/')) return join(packageRoot, 'node_modules', 'libsql', 'LICENSE');
  return join(OWN_TEXTS, `${name.replace(/^onnxruntime-.*/, 'onnxruntime')}-${version}.txt`);
}

function normalised(text: string): string {
  return text.replace(/\r\n?/g, '\n').trim();
}
