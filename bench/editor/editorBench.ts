import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type EditorServer, startEditorServer } from '../../test/e2e/vscode/editorServer.ts';
import { openWindow, startBrowser } from '../../test/e2e/vscode/editorWindow.ts';
import { installedExtension } from '../../test/e2e/vscode/installedExtension.ts';
import { sampleWorkspace } from '../../test/e2e/vscode/sampleWorkspace.ts';
import { Workbench } from '../../test/e2e/vscode/workbench.ts';
import { temporaryFolder } from '../../test/fixtures/temporaryFolder.ts';
import type { BenchResult } from '../benchResult.ts';
import { median } from '../statistics.ts';
import { suiteFigures } from './suiteFigures.ts';

const WINDOWS = 5;
const MOST_ACTIVATION_MS = 150;
const MOST_HOLD_MS = 50;
/** Percent of a core, beyond what the editor uses without us. */
const MOST_IDLE = 1;

/** What the suite in the extension host found. */
interface Found {
  readonly idle: number;
  readonly start: number;
  readonly work: number;
  readonly cpuBefore: number;
  readonly cpuAfter: number;
}

/** In the real VS Code: activation as the editor itself reports it, how long the extension host's event loop was held, and what we use when idle. */
export async function editorBench(): Promise<BenchResult[]> {
  await using folder = await temporaryFolder();
  const workspace = await sampleWorkspace(join(folder.path, 'orders'));
  const extensions = [await installedExtension(folder.path)];
  const browser = await startBrowser();
  try {
    const activations: number[] = [];
    {
      const own = join(folder.path, 'installed');
      await using server = await startEditorServer({ folder: own, extensions, testMode: false });
      for (let i = 0; i < WINDOWS; i++) activations.push(await activation(browser, server, workspace));
    }
    const without = { folder: join(folder.path, 'without'), workspace };
    const { cpu } = await suiteFigures<{ readonly cpu: number }>(browser, 'idleSuite', without);
    const withOurs = { folder: join(folder.path, 'with'), workspace, ours: true };
    const found = await suiteFigures<Found>(browser, 'loopSuite', withOurs);
    return [
      limited('activation in VS Code, as it reports it, p50', median(activations), MOST_ACTIVATION_MS),
      { name: 'extension host held at most, idle for 3 s', value: found.idle, unit: 'ms' },
      limited('extension host held at most, while the engine starts', found.start, MOST_HOLD_MS),
      limited('extension host held at most, during 200 calls of tools', found.work, MOST_HOLD_MS),
      { name: 'extension host idle, without our extension', value: cpu, unit: '% of a core' },
      idle('before the engine starts', found.cpuBefore - cpu),
      idle('the engine running and the side bar seen', found.cpuAfter - cpu),
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

function limited(name: string, value: number, most: number): BenchResult {
  return { name, value, unit: 'ms', target: `<= ${most}`, met: value <= most };
}

/** @param more percent of a core */
function idle(when: string, more: number): BenchResult {
  const name = `extension host idle, ${when}: more than without`;
  return { name, value: more, unit: '% of a core', target: `<= ${MOST_IDLE}`, met: more <= MOST_IDLE };
}
