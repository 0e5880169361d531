import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { packageRoot } from '../../src/main/assets.ts';
import { type EditorServer, startEditorServer } from '../../test/e2e/vscode/editorServer.ts';
import { runSuite } from '../../test/e2e/vscode/editorWindow.ts';

export interface SuiteFiguresOptions {
  /** An empty folder, absolute. */
  readonly folder: string;
  /** Folder that is opened, absolute. */
  readonly workspace: string;
  /** Ours is in the editor; default: no extension but the editor's own. */
  readonly ours?: boolean;
}

/**
 * What a suite of this folder finds in the extension host of an editor that has nothing else to do.
 * @param suite such as `loopSuite`: `run` of that file writes JSON to SUITE_RESULTS
 */
export async function suiteFigures<T>(
  browser: Browser,
  suite: string,
  { folder, workspace, ours = false }: SuiteFiguresOptions,
): Promise<T> {
  const program = join(packageRoot, '.cache', 'vscode', `${suite}.js`);
  await build({
    entryPoints: [join(packageRoot, 'bench', 'editor', `${suite}.ts`)],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
  });
  const results = join(folder, 'results.json');
  const extension = ours ? packageRoot : await emptyExtension(join(folder, 'empty'));
  await using server: EditorServer = await startEditorServer({ folder: join(folder, 'editor') });
  const env = { SUITE_RESULTS: results };
  const { code, log } = await runSuite(browser, server, { workspace, extension, suite: program, env });
  if (code !== 0) throw new Error(`The suite ended with ${code}: ${log}`);
  return JSON.parse(await readFile(results, 'utf8'));
}

/** A suite needs an extension under development. */
async function emptyExtension(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'empty', publisher: 'nobody', version: '1.0.0', engines: { vscode: '*' } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
