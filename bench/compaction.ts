import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identity } from '../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../src/adapters/sqlite/openEmbeddedStore.ts';
import { createVectorIndexFactory } from '../src/adapters/vector/wasmVectorIndex.ts';
import { Compaction } from '../src/engine/compaction/compaction.ts';
import { builtFile } from '../src/main/assets.ts';
import { draft } from '../test/fixtures/drafts.ts';
import { never } from '../test/fixtures/engine.ts';
import { silent } from '../test/fixtures/logger.ts';
import { sealer } from '../test/fixtures/sealer.ts';
import type { BenchResult } from './benchResult.ts';
import { caller, MODEL } from './centralClient.ts';
import { syntheticMemories } from './corpus.ts';
import { clusteredVectors } from './scanVectors.ts';
import { fill } from './serverSearchMachine.ts';
import { quantile } from './statistics.ts';

/** Of so many memories one says what the one before says. */
const DUPLICATES = 20;

/**
 * Compaction of so many memories in one namespace: first only looked at, then merged. Each has neighbours of which the words must be compared,
 * which is the most that it can cost.
 */
export async function compactionBench(count: number): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'memory-central-bench-'));
  try {
    const clock = { now: () => Date.now() };
    await using store = await openEmbeddedStore({
      path: join(folder, 'memory.db'),
      ...{ clock, identity, sealer, logger: silent },
    });
    const original = (i: number) => (i % DUPLICATES === DUPLICATES - 1 ? i - 1 : i);
    const notes = [...syntheticMemories(count)];
    const reviewed = { review: 'accepted', unreviewedBy: null } as const;
    const drafts = notes.map((note, i) =>
      original(i) === i
        ? draft(note.content, { id: `m${i}`, ...reviewed })
        : draft(notes[i - 1]!.content.replaceAll(' ', '  '), { id: `m${i}`, ...reviewed }),
    );
    const vectors = clusteredVectors();
    await fill(store, drafts, id => vectors.vector(original(Number(id.slice(1)))));
    const vectorIndexes = createVectorIndexFactory({ directory: builtFile('') });
    const { contexts } = store.work;
    const compaction = new Compaction({
      ...{ store, contexts, clock, identity, logger: silent },
      ...{ vectors: vectorIndexes, model: MODEL.id, threshold: 0.9, unreviewed: false },
    });
    // WebAssembly is loaded once, by whoever needs it first.
    vectorIndexes.create(MODEL.dimensions)[Symbol.dispose]();
    const run = async (dryRun: boolean) => {
      await using turns = watchTurns();
      const cpu = process.cpuUsage();
      const report = await compaction.run({ dryRun }, caller, never);
      return { report, turns: turns.taken, seconds: usedSince(cpu) / 1e3 };
    };
    const looked = await run(true);
    const merged = await run(false);
    const name = `compaction of ${count} memories`;
    return [
      { name: `${name}: looked at, processor`, value: looked.seconds, unit: 's' },
      {
        name: `${name}: looked at, each`,
        value: (looked.seconds * 1e3) / looked.report.examined,
        unit: 'ms',
      },
      { name: `${name}: groups found`, value: looked.report.groups.length, unit: '' },
      { name: `${name}: groups merged`, value: merged.report.groups.length, unit: '' },
      { name: `${name}: looked at and merged, processor`, value: merged.seconds, unit: 's' },
      ...waits(`${name}: others wait for the thread while it looks`, looked.turns),
      ...waits(`${name}: others wait for the thread while it merges`, merged.turns),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What each turn of the event loop has cost, ms of the processor: on a machine that is busy, more time passes. */
function watchTurns(): { readonly taken: readonly number[] } & AsyncDisposable {
  const taken: number[] = [];
  let last = process.cpuUsage();
  let watching = true;
  const turn = () => {
    taken.push(usedSince(last));
    last = process.cpuUsage();
    if (watching) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    taken,
    async [Symbol.asyncDispose]() {
      watching = false;
    },
  };
}

function usedSince(then: NodeJS.CpuUsage): number {
  const { system, user } = process.cpuUsage(then);
  return (system + user) / 1e3;
}

function waits(name: string, turns: readonly number[]): BenchResult[] {
  const worked = turns.filter(ms => ms > 1);
  const p99 = quantile(worked, 0.99);
  return [
    { name: `${name}, p99`, value: p99, unit: 'ms', target: '<= 10', met: p99 <= 10 },
    { name: `${name}, longest`, value: Math.max(...worked), unit: 'ms' },
  ];
}
