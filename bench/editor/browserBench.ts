import { join } from 'node:path';
import { identity } from '../../src/adapters/node/identity.ts';
import { miniLm } from '../../src/adapters/onnx/miniLm.ts';
import { openEmbeddedStore } from '../../src/adapters/sqlite/openEmbeddedStore.ts';
import { BrowserPage } from '../../test/e2e/vscode/browserPage.ts';
import { startEditorServer } from '../../test/e2e/vscode/editorServer.ts';
import { openWindow, startBrowser } from '../../test/e2e/vscode/editorWindow.ts';
import { installedExtension } from '../../test/e2e/vscode/installedExtension.ts';
import { sampleWorkspace } from '../../test/e2e/vscode/sampleWorkspace.ts';
import { Workbench } from '../../test/e2e/vscode/workbench.ts';
import { callerNamed } from '../../test/fixtures/callers.ts';
import { draft } from '../../test/fixtures/drafts.ts';
import { silent } from '../../test/fixtures/logger.ts';
import { sealer } from '../../test/fixtures/sealer.ts';
import { temporaryFolder } from '../../test/fixtures/temporaryFolder.ts';
import type { BenchResult } from '../benchResult.ts';
import { recallQuestions, syntheticMemories } from '../corpus.ts';
import { median, quantile } from '../statistics.ts';

const NAMESPACE = 'github.com/example/orders';
const BATCH = 1000;
const QUESTIONS = 8;
const OPENINGS = 5;
/** Between keys, so that each has its answer. */
const KEY_MS = 120;
const MOST_PAINT_MS = 300;
const MOST_KEY_MS = 50;

/** Runs in the page: notes at each key how long it takes until its answer is drawn. ms. */
const NOTE_KEYS = `(() => {
  const keys = [];
  let typed;
  window.browserBench = keys;
  addEventListener('input', event => { typed = event.timeStamp; }, true);
  new PerformanceObserver(list => {
    if (typed === undefined) return;
    keys.push(list.getEntries().at(-1).startTime - typed);
    typed = undefined;
  }).observe({ type: 'mark' });
})()`;
const FIRST_ROWS = "performance.getEntriesByName('memories drawn')[0].startTime";
const FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime";

/** The memory browser in the real VS Code over so many memories, all with vectors: its first paint, and from a key to its rows. */
export async function browserBench(count: number): Promise<BenchResult[]> {
  await using folder = await temporaryFolder();
  const workspace = await sampleWorkspace(join(folder.path, 'orders'));
  await using server = await startEditorServer({
    folder: join(folder.path, 'editor'),
    extensions: [await installedExtension(folder.path)],
    testMode: false,
  });
  await fill(join(server.memoryHome, 'memory.db'), count);
  const browser = await startBrowser();
  try {
    const page = await openWindow(browser, server, { workspace });
    const window = new Workbench(page);
    const memories = new BrowserPage(page);
    await window.ready();
    const inPage = <T>(script: string) => memories.frame.locator('body').evaluate(script) as Promise<T>;
    const paints: number[] = [];
    const rows: number[] = [];
    for (let i = 0; i < OPENINGS; i++) {
      await window.command('Memory Central: Open Memory Browser');
      await memories.rows().first().waitFor();
      await page.waitForTimeout(500);
      paints.push(await inPage<number>(FIRST_PAINT));
      rows.push(await inPage<number>(FIRST_ROWS));
      if (i < OPENINGS - 1) await window.command('View: Close Editor');
    }
    await inPage(NOTE_KEYS);
    const field = memories.frame.locator('vscode-textfield.search input');
    for (const question of recallQuestions(QUESTIONS)) {
      await field.fill('');
      await field.pressSequentially(question.slice(0, 40), { delay: KEY_MS });
    }
    const keys = await inPage<readonly number[]>('window.browserBench');
    const name = `memory browser, ${count} memories`;
    // The first opening waits for the engine.
    return [
      atMost(`${name}: first paint, p50`, median(paints.slice(1)), MOST_PAINT_MS),
      { name: `${name}: first rows, p50`, value: median(rows.slice(1)), unit: 'ms' },
      { name: `${name}: first rows, with the engine's start`, value: rows[0]!, unit: 'ms' },
      atMost(`${name}: key to rows drawn, p50 of ${keys.length}`, median(keys), MOST_KEY_MS),
      { name: `${name}: key to rows drawn, p95`, value: quantile(keys, 0.95), unit: 'ms' },
    ];
  } finally {
    await browser.close();
  }
}

/** Memories with vectors of the shipped model's length: what is searched costs the same, whatever they mean. */
async function fill(path: string, count: number): Promise<void> {
  const clock = { now: () => Date.now() };
  await using store = await openEmbeddedStore({ path, clock, identity, sealer, logger: silent });
  const caller = callerNamed('claude-code', NAMESPACE);
  let batch: ReturnType<typeof draft>[] = [];
  const put = async () => {
    await store.memories.insert(batch, caller);
    batch = [];
    const pending = await store.embeddings.pending(miniLm.id, BATCH);
    const vectors = pending.map(({ contentHash, num }) => ({ num, contentHash, vector: randomVector() }));
    await store.embeddings.put(miniLm.id, miniLm.dimensions, vectors);
  };
  for (const { content, tags } of syntheticMemories(count)) {
    batch.push(draft(content, { namespace: NAMESPACE, tags }));
    if (batch.length === BATCH) await put();
  }
  if (batch.length > 0) await put();
}

/** Of unit length. */
function randomVector(): Float32Array {
  const vector = Float32Array.from({ length: miniLm.dimensions }, () => Math.random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map(value => value / length);
}

function atMost(name: string, value: number, most: number): BenchResult {
  return { name, value, unit: 'ms', target: `<= ${most}`, met: value <= most };
}
