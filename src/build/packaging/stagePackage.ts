import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { packageRoot } from '../../main/assets.ts';
import { lockedPackage } from './lockedPackage.ts';
import { packagedReadme } from './packagedReadme.ts';
import { type RuntimePackage, runtimePackages } from './runtimePackage.ts';
import type { Target } from './target.ts';
import { thirdPartyNotices } from './thirdPartyNotices.ts';

/** Of package.json, what only the repository needs. */
const LEFT_OUT = ['private', 'scripts', 'dependencies', 'devDependencies', 'overrides'];

/** The programs, compiled once for all platforms. */
export interface Programs {
  /** Holds what becomes `dist/`. */
  readonly folder: string;
  readonly metafile: Metafile;
}

/**
 * Lays out what one platform gets, and nothing else.
 * @param folder becomes the root of the extension; emptied first
 * @param cache folder that keeps what was fetched
 */
export async function stagePackage(
  target: Target,
  programs: Programs,
  folder: string,
  cache: string,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(programs.folder, join(folder, 'dist'), { recursive: true });
  const shipped: string[] = [];
  for (const one of runtimePackages(target)) {
    const source = await lockedPackage(one.name, cache);
    // Beside the programs, since the packager leaves out the root's own node_modules.
    await copyFiles(one, source, join(folder, 'dist', 'node_modules', one.name));
    shipped.push(source);
  }
  await cp(join(packageRoot, 'media'), join(folder, 'media'), {
    recursive: true,
    filter: path => !basename(path).startsWith('.'),
  });
  await copyTexts(folder);
  for (const file of ['LICENSE', 'CHANGELOG.md']) await cp(join(packageRoot, file), join(folder, file));
  await writeFile(join(folder, 'README.md'), await packagedReadme());
  await writeFile(
    join(folder, 'THIRD_PARTY_NOTICES.txt'),
    await thirdPartyNotices(programs.metafile, shipped),
  );
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await packagedManifest(), null, 2)}\n`);
  // All that lies here is meant to ship; without the file the packager doubts it.
  await writeFile(join(folder, '.vscodeignore'), '');
}

/** What the editor shows in each language: of the manifest, and of the code. */
async function copyTexts(folder: string): Promise<void> {
  const names = await Promise.all([readdir(packageRoot), readdir(join(packageRoot, 'l10n'))]);
  const texts = [
    ...names[0].filter(name => /^package\.nls\..*json$/.test(name)),
    ...names[1].filter(name => name.startsWith('bundle.l10n.')).map(name => join('l10n', name)),
  ];
  for (const text of texts) await cp(join(packageRoot, text), join(folder, text));
}

async function copyFiles({ files }: RuntimePackage, from: string, to: string): Promise<void> {
  for (const file of files) {
    const isFolder = file.endsWith('/');
    await cp(join(from, file), join(to, file), {
      recursive: isFolder,
      filter: path => !isFolder || !/\.[^/\\]+$/.test(basename(path)) || /\.m?js$|package\.json$/.test(path),
    });
  }
}

async function packagedManifest(): Promise<Record<string, unknown>> {
  const manifest = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => !LEFT_OUT.includes(key)));
}
