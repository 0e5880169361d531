import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { packageRoot } from '../../src/main/assets.ts';
import { type EditorServer, startEditorServer } from '../../test/e2e/vscode/editorServer.ts';
import { openWindow, runSuite, startBrowser } from '../../test/e2e/vscode/editorWindow.ts';
import { installedExtension } from '../../test/e2e/vscode/installedExtension.ts';
import { sampleWorkspace } from '../../test/e2e/vscode/sampleWorkspace.ts';
import { Workbench } from '../../test/e2e/vscode/workbench.ts';
import { temporaryFolder } from '../../test/fixtures/temporaryFolder.ts';
import type { BenchResult } from '../benchResult.ts';
import { median } from '../statistics.ts';

const WINDOWS = 5;
const MOST_ACTIVATION_MS = 150;
const MOST_HOLD_MS = 50;

/** In the real VS Code: activation as the editor itself reports it, and how long the extension host's event loop was held. */
export async function editorBench(): Promise<BenchResult[]> {
  await using folder = await temporaryFolder();
  const workspace = await sampleWorkspace(join(folder.path, 'orders'));
  const browser = await startBrowser();
  try {
    const extensions = [await installedExtension(folder.path)];
    const start = (testMode: boolean) =>
      startEditorServer({ folder: join(folder.path, `editor-${testMode}`), extensions, testMode });
    const activations: number[] = [];
    {
      await using server = await start(false);
      for (let i = 0; i < WINDOWS; i++) activations.push(await activation(browser, server, workspace));
    }
    await using server = await start(true);
    const holds = await eventLoopHolds(browser, server, workspace, folder.path);
    return [
      limited('activation in VS Code, as it reports it, p50', median(activations), MOST_ACTIVATION_MS),
      { name: 'extension host held at most, idle for 3 s', value: holds.idle, unit: 'ms' },
      limited('extension host held at most, while the engine starts', holds.start, MOST_HOLD_MS),
      limited('extension host held at most, during 200 calls of tools', holds.work, MOST_HOLD_MS),
    ];
  } finally {
    await browser.close();
  }
}

/** @returns ms, from the view "Running Extensions" of a new window */
async function activation(browser: Browser, server: EditorServer, workspace: string): Promise<number> {
  const window = new Workbench(await openWindow(browser, server, { workspace }));
  await window.ready();
  await window.command('Developer: Show Running Extensions');
  const row = window.page.locator('.runtime-extensions-editor .extension', { hasText: 'Memory Central' });
  const text = await row.locator('.activation-time').textContent();
  await window.page.context().close();
  const ms = /(\d+)\s*ms/.exec(text ?? '')?.[1];
  if (ms === undefined) throw new Error(`No activation time in: ${text}`);
  return Number(ms);
}

async function eventLoopHolds(
  browser: Browser,
  server: EditorServer,
  workspace: string,
  folder: string,
): Promise<{ idle: number; start: number; work: number }> {
  const suite = join(packageRoot, '.cache', 'vscode', 'loopSuite.js');
  await build({
    entryPoints: [join(packageRoot, 'bench', 'editor', 'loopSuite.ts')],
    outfile: suite,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
  });
  const results = join(folder, 'loop.json');
  const { code, log } = await runSuite(browser, server, {
    workspace,
    extension: packageRoot,
    suite,
    env: { LOOP_RESULTS: results },
  });
  if (code !== 0) throw new Error(`The suite ended with ${code}: ${log}`);
  return JSON.parse(await readFile(results, 'utf8'));
}

function limited(name: string, value: number, most: number): BenchResult {
  return { name, value, unit: 'ms', target: `<= ${most}`, met: value <= most };
}
