import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSnapshotFiles } from '../src/adapters/files/snapshotFiles.ts';
import { createSnowballStemmer } from '../src/adapters/text/snowball.ts';
import { createVectorIndexFactory } from '../src/adapters/vector/wasmVectorIndex.ts';
import type { Store } from '../src/engine/ports/store.ts';
import { HybridRecall } from '../src/engine/recall/hybridRecall.ts';
import { Analyzer } from '../src/engine/search/analyze.ts';
import { FreshIndex } from '../src/engine/search/freshIndex.ts';
import { builtFile } from '../src/main/assets.ts';
import { callerNamed } from '../test/fixtures/callers.ts';
import { draft } from '../test/fixtures/drafts.ts';
import { silent } from '../test/fixtures/logger.ts';
import { openMachine } from '../test/fixtures/machine.ts';
import { sealer } from '../test/fixtures/sealer.ts';
import { randomUnit, seeded } from '../test/fixtures/vectors.ts';

/** What a machine is asked to do; it answers each with milliseconds, one for each time. */
export type Request = { readonly store: number } | { readonly find: string };

export const MODEL = { id: 'bench/384', dimensions: 384 };
export const caller = callerNamed('bench');

const never = new AbortController().signal;

/** Recall on a store, as the engine does it, but for the model: a question's vector is random. */
export async function recallOn(store: Store, folder: string): Promise<HybridRecall & Disposable> {
  const { storeId } = await store.report();
  const index = new FreshIndex(
    {
      source: store.index,
      snapshots: createSnapshotFiles(join(folder, storeId), sealer, silent),
      vectors: createVectorIndexFactory({ directory: builtFile('') }),
      analyzer: new Analyzer(createSnowballStemmer()),
      logger: silent,
      storeId,
    },
    MODEL,
  );
  const random = seeded(1);
  const embedder = {
    model: MODEL,
    embed: async () => [randomUnit(MODEL.dimensions, random)],
    state: () => ({ status: 'ready' as const }),
    async [Symbol.asyncDispose]() {},
  };
  const recall = new HybridRecall({
    store: store.memories,
    index,
    embedder: () => embedder,
    clock: { now: () => Date.now() },
    deadlineMs: 1_000,
    gate: 'off',
  });
  return Object.assign(recall, { [Symbol.dispose]: () => index[Symbol.dispose]() });
}

export async function findIds(recall: HybridRecall, text: string): Promise<readonly string[]> {
  const { memories } = await recall.search({ text, limit: 8 }, caller, never);
  return memories.map(({ memory }) => memory.id);
}

/** A machine of its own, as a process. Arguments: folder, port of Redis, name. */
async function main(folder: string, port: number, name: string): Promise<void> {
  const machine = await openMachine({ path: join(folder, `${name}.db`), port });
  const recall = await recallOn(machine, folder);
  await findIds(recall, 'warm');
  const times = async (request: Request): Promise<number[]> =>
    'store' in request ? storeMany(machine, name, request.store) : [await untilFound(recall, request.find)];
  process.on('message', (request: Request) => {
    void times(request).then(found => process.send!(found));
  });
  process.once('disconnect', () => process.exit());
  process.send!('ready');
}

async function storeMany(machine: Store, name: string, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    await machine.memories.insert([draft(`Note ${i} of the machine ${name}, as short as most are.`)], caller);
    times.push(performance.now() - began);
  }
  return times;
}

async function untilFound(recall: HybridRecall, id: string): Promise<number> {
  const began = performance.now();
  while (!(await findIds(recall, id)).includes(id));
  return performance.now() - began;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, port, name] = process.argv.slice(2);
  await main(folder!, Number(port), name!);
}
