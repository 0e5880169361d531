import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/main/assets.ts';

const run = promisify(execFile);
const VERSION = '4.139.1';

/**
 * A real VS Code (1.139.1, as the npm package code-server carries it) in `.cache`, without what needs compiling.
 * @returns its folder `lib/vscode`
 */
export async function installEditor(): Promise<string> {
  const folder = join(packageRoot, '.cache', `code-server-${VERSION}`);
  const editor = join(folder, 'package', 'lib', 'vscode');
  const finished = join(folder, 'installed');
  if (await exists(finished)) return editor;
  await rm(folder, { recursive: true, force: true });
  const own = `${folder}.${process.pid}`;
  await mkdir(own, { recursive: true });
  try {
    const packed = await run(
      'npm',
      ['pack', `code-server@${VERSION}`, '--silent', '--pack-destination', own],
      { cwd: own },
    );
    await run('tar', ['-xzf', join(own, packed.stdout.trim()), '-C', own]);
    const source = join(own, 'package', 'lib', 'vscode');
    for (const part of [source, join(source, 'extensions')]) {
      await run(
        'npm',
        ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
        {
          cwd: part,
          maxBuffer: 1 << 26,
        },
      );
    }
    await writeFile(join(own, 'installed'), VERSION);
    await rename(own, folder);
  } catch (error) {
    throw new Error(`The editor for the tests could not be installed; try: npm pack code-server@${VERSION}`, {
      cause: error,
    });
  } finally {
    await rm(own, { recursive: true, force: true });
  }
  return editor;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
