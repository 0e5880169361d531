import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { CDPSession, Page } from 'playwright-core';
import { packageRoot } from '../../../src/main/assets.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';
import { buildSuite } from './buildSuite.ts';
import { startEditorServer } from './editorServer.ts';
import { runSuite, startBrowser } from './editorWindow.ts';
import { busyHour, NAMESPACE } from './heap/busyHour.ts';
import { Notices } from './heap/notices.ts';
import { type Held, NO_COMPILERS } from './heap/threadHeaps.ts';
import { sampleWorkspace } from './sampleWorkspace.ts';

const full = process.env['CHAOS'] === 'full';
/**
 * Hours of a day, each with what a busy team does in one; in the short form half of them: among fewer, one step of .4 MB in their middle
 * bends the slope.
 */
const ROUNDS = full ? 24 : 12;
const TASKS = full ? 250 : 50;
/** Until everything was used once. */
const WARM = full ? 4 : 2;
/**
 * Bytes that each may hold more of with every round after that. VS Code itself keeps an emptied store of every row that it ever drew
 * (`_createTreeNode` in its src/vs/workbench/api/common/extHostTreeViews.ts), 0.2 kB.
 */
const MOST = 110_000;

/** Rows that are always there. */
const KNOWN = Array.from({ length: 10 }, (_, i) => ({ content: `Order ${i} was delivered late.` }));

interface AllHeld extends Held {
  /** By the page that draws the window and, within it, the browser and the dashboard. */
  readonly window: number;
}

const PARTS = ['host', 'engine', 'window'] as const satisfies readonly (keyof AllHeld)[];

describe('what the editor holds', function () {
  this.timeout(full ? 3_600_000 : 360_000);

  it('stays as much while agents work for a day and every view follows them', async () => {
    const { extension, scriptedModel } = await buildSuite();
    await using folder = await temporaryFolder();
    const workspace = await sampleWorkspace(join(folder.path, 'orders'));
    const exchange = join(folder.path, 'exchange');
    await mkdir(exchange);
    await using server = await startEditorServer({
      folder: join(folder.path, 'editor'),
      extensions: [scriptedModel],
      settings: { 'memoryCentral.embedding.provider': 'off' },
    });
    await using engine = await openEngine(server.memoryHome, { 'embedding.provider': 'off' });
    await engine.memories.store(KNOWN, callerNamed('gemini-cli', NAMESPACE));
    const browser = await startBrowser([`--js-flags=${NO_COMPILERS.join(' ')}`]);
    try {
      const ended = runSuite(browser, server, {
        ...{ workspace, extension, suite: await heapSuite() },
        env: { HEAP_FOLDER: exchange },
      });
      const rounds: AllHeld[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const given = await told<readonly string[]>(exchange, `given-${round}`);
        const page = browser.contexts()[0]!.pages()[0]!;
        await busyHour(engine, new Notices(page), { round, tasks: TASKS, given });
        await writeFile(join(exchange, `worked-${round}`), '');
        const held = await told<Held>(exchange, `held-${round}`);
        rounds.push({ ...held, window: await heldByWindow(page) });
      }
      await writeFile(join(exchange, 'end'), '');
      const { code, log } = await ended;
      assert.equal(code, 0, log);
      const grown = PARTS.filter(part => growth(part, rounds) > MOST);
      assert.deepEqual(grown, [], 'holds more and more');
    } finally {
      await browser.close();
    }
  });
});

async function heapSuite(): Promise<string> {
  const outfile = join(packageRoot, '.cache', 'vscode', 'suite', 'heapSuite.js');
  await build({
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'], outfile },
    entryPoints: [join(packageRoot, 'test', 'e2e', 'vscode', 'heap', 'heapSuite.ts')],
  });
  return outfile;
}

/** What the suite says. */
async function told<T>(exchange: string, name: string): Promise<T> {
  const file = join(exchange, name);
  await until(() => existsSync(file));
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

async function heldByWindow(page: Page): Promise<number> {
  const session: CDPSession = await page.context().newCDPSession(page);
  try {
    for (let turn = 0; turn < 2; turn++) await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  } finally {
    await session.detach();
  }
}

/** The slope of Theil and Sen: a leak grows with each round, and what was loaded once at some time is none. @returns bytes a round */
function growth(part: keyof AllHeld, rounds: readonly AllHeld[]): number {
  const bytes = rounds.map(held => held[part]);
  const settled = bytes.slice(WARM);
  const slopes = settled.flatMap((from, i) => settled.slice(i + 1).map((to, j) => (to - from) / (j + 1)));
  const more = slopes.sort((one, other) => one - other)[slopes.length >> 1]!;
  const [all, grown] = [bytes.map(megabytes).join(', '), megabytes(more)];
  console.log(`      ${part}: ${all} MB, ${grown} MB more a round of ${megabytes(MOST)}`);
  return more;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
