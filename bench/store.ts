import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identity } from '../src/adapters/node/identity.ts';
import type { DriverName } from '../src/adapters/sqlite/driver.ts';
import { openEmbeddedStore } from '../src/adapters/sqlite/openEmbeddedStore.ts';
import { type Caller, viewerOf } from '../src/engine/model/caller.ts';
import type { MemoryFilter, NewMemory, Page } from '../src/engine/ports/memoryStore.ts';
import type { Store } from '../src/engine/ports/store.ts';
import { sealer } from '../test/fixtures/sealer.ts';
import type { BenchResult } from './benchResult.ts';
import { fdatasyncTimer, median, quantile } from './statistics.ts';

const MODEL = 'bench/384';
const DIMENSIONS = 384;
const BATCH = 500;
const WRITES = 300;
const PAGE: Page = { limit: 20, offset: 0 };
const WORDS =
  'the store keeps each memory in one file and every change is an entry of the log so nothing is lost'.split(
    ' ',
  );
const caller: Caller = {
  principal: { id: 'bench@host/cli', client: 'cli' },
  instance: 'bench',
  namespace: 'shop',
};
const viewer = viewerOf(caller);

/** The embedded store at so many memories: writes, pages, and what feeds a search index. */
export async function storeBench(memories = 100_000, driver?: DriverName): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'memory-central-bench-'));
  try {
    const fdatasync = fdatasyncTimer(folder);
    const sync = median(Array.from({ length: WRITES }, fdatasync));
    const quiet = () => {};
    const before = process.memoryUsage().rss;
    await using store = await openEmbeddedStore({
      path: join(folder, 'memory.db'),
      clock: { now: () => Date.now() },
      identity,
      sealer,
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      ...(driver && { driver }),
    });
    const opened = process.memoryUsage().rss;
    const name = `store on ${(await store.report()).driver}, ${memories} memories`;
    const filled = await fill(store, memories);
    const single = await writes(store, WRITES);
    const reads = await readings(store, memories);
    return [
      { name: 'one fdatasync of this disk, p50', value: sync, unit: 'ms' },
      { name: `${name}: opening, memory`, value: (opened - before) / 1e6, unit: 'MB' },
      { name: `${name}: inserted in batches of ${BATCH}`, value: filled.inserts, unit: '1/s' },
      { name: `${name}: vectors stored in batches of ${BATCH}`, value: filled.vectors, unit: '1/s' },
      {
        name: `${name}: acknowledged, p50 beyond one fdatasync`,
        value: quantile(single, 0.5) - sync,
        unit: 'ms',
        target: '<= 1',
        met: quantile(single, 0.5) - sync <= 1,
      },
      {
        name: `${name}: acknowledged, p95`,
        value: quantile(single, 0.95),
        unit: 'ms',
        target: '<= 10',
        met: quantile(single, 0.95) <= 10,
      },
      ...reads.map(([what, value]) => ({ name: `${name}: ${what}`, value, unit: 'ms' })),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(store: Store, count: number): Promise<{ inserts: number; vectors: number }> {
  const inserts = await milliseconds(async () => {
    for (let i = 0; i < count; i += BATCH) {
      const size = Math.min(BATCH, count - i);
      await store.memories.insert(
        Array.from({ length: size }, (_, j) => note(i + j)),
        caller,
      );
    }
  });
  const vector = new Float32Array(DIMENSIONS).map((_, i) => Math.sin(i));
  const vectors = await milliseconds(async () => {
    for (;;) {
      const pending = await store.embeddings.pending(MODEL, BATCH);
      if (pending.length === 0) return;
      await store.embeddings.put(
        MODEL,
        DIMENSIONS,
        pending.map(({ num, contentHash }) => ({ num, contentHash, vector })),
      );
    }
  });
  return { inserts: (count * 1e3) / inserts, vectors: (count * 1e3) / vectors };
}

async function writes(store: Store, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const one = [note(10_000_000 + i)];
    times.push(await milliseconds(() => store.memories.insert(one, caller)));
  }
  return times;
}

async function readings(store: Store, count: number): Promise<[string, number][]> {
  const list = (filter: MemoryFilter, page: Partial<Page> = {}) =>
    store.memories.list(filter, { ...PAGE, ...page }, viewer);
  const ids = Array.from({ length: 20 }, (_, i) => `note-${Math.floor((i * count) / 20)}`);
  const nums = Array.from({ length: 100 }, (_, i) => 1 + Math.floor((i * count) / 100));
  const both = ['shop', 'global'];
  const scenarios: [string, () => Promise<unknown>][] = [
    ['heads', () => store.index.heads(MODEL)],
    ['get 20', () => store.memories.get(ids, viewer)],
    ['vectors of 100', () => store.index.vectors(MODEL, nums)],
    ['list, everything', () => list({})],
    ['list, a namespace', () => list({ namespaces: ['shop'] })],
    ['list, two namespaces', () => list({ namespaces: both })],
    ['list, two namespaces, page 500', () => list({ namespaces: both }, { offset: 10_000 })],
    ['list, by update', () => list({ namespaces: both }, { order: 'updated' })],
    ['list, an agent', () => list({ namespaces: both, agent: 'agent-3' })],
    ['list, a session', () => list({ namespaces: both, session: 'session-5' })],
    ['list, a common tag', () => list({ namespaces: both, tags: ['tag-1'] })],
    ['list, a rare tag', () => list({ namespaces: both, tags: ['rare-7'] })],
    ['list, two tags', () => list({ namespaces: both, tags: ['tag-1', 'rare-7'] })],
    ['list, pinned', () => list({ namespaces: both, pinned: true })],
    ['list, a type', () => list({ namespaces: both, types: ['code'] })],
    ['list, a rare namespace', () => list({ namespaces: ['tiny'] })],
    ['list, a path', () => list({ namespaces: both, path: 'src/file-3.ts' })],
    ['list, expired', () => list({ expiredAt: Date.now() })],
    ['counts', () => store.memories.counts({ namespaces: both }, viewer)],
    ['recent operations', () => store.operations.recent(20, viewer)],
    ['expire, nothing due', () => store.memories.expire(Date.now(), 500)],
  ];
  const results: [string, number][] = [];
  for (const [name, work] of scenarios) {
    await work();
    const times: number[] = [];
    for (let i = 0; i < 15; i++) times.push(await milliseconds(work));
    results.push([name, median(times)]);
  }
  results.push([
    'all records for an index',
    await milliseconds(() => drain(at => store.index.changesAfter(at, BATCH))),
  ]);
  results.push([
    'all vectors for an index',
    await milliseconds(() => drain(at => store.index.vectorsAfter(MODEL, at, BATCH))),
  ]);
  return results;
}

async function drain(next: (cursor: number) => Promise<{ cursor: number; done: boolean }>): Promise<void> {
  for (let cursor = 0; ; ) {
    const batch = await next(cursor);
    if (batch.done) return;
    cursor = batch.cursor;
  }
}

function note(i: number): NewMemory {
  const content = `Note ${i}: ${Array.from({ length: 60 }, (_, j) => WORDS[(i * 7 + j * j) % WORDS.length]).join(' ')}`;
  return {
    id: `note-${i}`,
    namespace: i % 1000 === 0 ? 'tiny' : i % 10 === 0 ? 'global' : i % 3 === 0 ? 'bank' : 'shop',
    agent: `agent-${i % 5}`,
    type: i % 7 === 0 ? 'code' : 'context',
    priority: 'medium',
    sensitive: false,
    visibility: i % 11 === 0 ? 'private' : 'public',
    sharedWith: [],
    content,
    contentHash: identity.sha256(content),
    tags: [`tag-${i % 20}`, ...(i % 97 === 0 ? [`rare-${i % 10}`] : [])],
    metadata: { line: i },
    session: `session-${Math.floor(i / 100)}`,
    pinned: i % 500 === 0,
    createdAt: 1_700_000_000_000 + i * 1000,
    expiresAt: 4_000_000_000_000,
    externalId: null,
    provenance: { source: 'agent' },
    trust: 0.5,
    review: 'unreviewed',
    unreviewedBy: null,
    supersedes: null,
    validFrom: null,
    validUntil: null,
    anchors: i % 50 === 0 ? [{ path: `src/file-${i % 20}.ts` }] : [],
  };
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
