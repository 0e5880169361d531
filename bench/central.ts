import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { identity } from '../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../src/adapters/sqlite/openEmbeddedStore.ts';
import type { Change } from '../src/engine/ports/replica.ts';
import type { Store } from '../src/engine/ports/store.ts';
import { packageRoot } from '../src/main/assets.ts';
import { draft } from '../test/fixtures/drafts.ts';
import { silent } from '../test/fixtures/logger.ts';
import { openMachine } from '../test/fixtures/machine.ts';
import { startRedis } from '../test/fixtures/redis.ts';
import { sealer } from '../test/fixtures/sealer.ts';
import { temporaryFolder } from '../test/fixtures/temporaryFolder.ts';
import { randomUnit, seeded } from '../test/fixtures/vectors.ts';
import type { BenchResult } from './benchResult.ts';
import { caller, findIds, MODEL, type Request, recallOn } from './centralClient.ts';
import { recallQuestions, syntheticMemories } from './corpus.ts';
import { fdatasyncTimer, median, quantile } from './statistics.ts';

const MEMORIES = 10_000;
const BATCH = 500;
const STORES = 500;
const WARM_UP = 50;
const RECALLS = 200;
const FINDS = 200;
const CLIENTS = 8;
const STORES_EACH = 50;

/** The central memory on a Redis of this machine that keeps a log of its commands, written to disk each second: what it costs beside a bare Redis and beside a store of one's own. */
export async function centralBench(): Promise<BenchResult[]> {
  await using folder = await temporaryFolder();
  await using redis = await startRedis({ config: { appendfsync: 'everysec' } });
  const fdatasync = fdatasyncTimer(folder.path);
  return [
    {
      name: 'one fdatasync of this disk, p50',
      value: median(Array.from({ length: STORES }, fdatasync)),
      unit: 'ms',
    },
    ...(await storing(folder.path, redis.port)),
    ...(await recalling(folder.path, redis.port)),
    ...(await finding(folder.path, redis.port)),
    ...(await together(folder.path, redis.port)),
  ];
}

/** One store after the other, each beside the same bytes sent by a bare client. */
async function storing(folder: string, port: number): Promise<BenchResult[]> {
  let sent: readonly Change[] = [];
  await using machine = await openMachine({
    path: join(folder, 'storing.db'),
    port,
    wrap(log) {
      const append = log.append.bind(log);
      return Object.assign(log, {
        append(changes: readonly Change[], position: number) {
          sent = changes;
          return append(changes, position);
        },
      });
    },
  });
  const bare = new Redis(port, '127.0.0.1');
  const stores: number[] = [];
  const bares: number[] = [];
  const notes = [...syntheticMemories(STORES + WARM_UP, 5)].map(({ content }) => draft(content));
  for (const note of notes) {
    stores.push(await milliseconds(() => machine.memories.insert([note], caller)));
    const [{ entry, state } = { entry: '', state: {} }] = sent;
    const both = bare.pipeline().hset(`bare:${note.id}`, state).xadd('bare', '*', 'entry', entry);
    bares.push(await milliseconds(() => both.exec()));
  }
  bare.disconnect();
  const [ours, theirs] = [stores.slice(WARM_UP), bares.slice(WARM_UP)];
  return [0.5, 0.95].flatMap(q => {
    const [one, other] = [quantile(ours, q), quantile(theirs, q)];
    const p = `p${q * 100}`;
    return [
      { name: `HSET and XADD of a bare client, pipelined, ${p}`, value: other, unit: 'ms' },
      { name: `store acknowledged, ${p}`, value: one, unit: 'ms' },
      atMost(`store acknowledged against a bare client, ${p}`, one / other, 'x', 3),
    ];
  });
}

/** The same memories, vectors and questions, in a central store and in one of its own. */
async function recalling(folder: string, port: number): Promise<BenchResult[]> {
  const notes = [...syntheticMemories(MEMORIES)].map(({ content, tags }) => draft(content, { tags }));
  const questions = recallQuestions(RECALLS + WARM_UP);
  await using central = await openMachine({ path: join(folder, 'recalling.db'), port, prefix: 'recall:' });
  await using own = await openEmbeddedStore({
    path: join(folder, 'own.db'),
    clock: { now: () => Date.now() },
    identity,
    sealer,
    logger: silent,
  });
  const seconds = (await fill(central, notes)) / 1e3;
  await fill(own, notes);
  using there = await recallOn(central, folder);
  using here = await recallOn(own, folder);
  const theirs: number[] = [];
  const ours: number[] = [];
  for (const question of questions) {
    theirs.push(await milliseconds(() => findIds(there, question)));
    ours.push(await milliseconds(() => findIds(here, question)));
  }
  return [
    { name: `${MEMORIES} memories stored, in batches of ${BATCH}`, value: MEMORIES / seconds, unit: '1/s' },
    ...[0.5, 0.95].flatMap(q => {
      const [one, other] = [quantile(theirs.slice(WARM_UP), q), quantile(ours.slice(WARM_UP), q)];
      const name = `recall of ${MEMORIES} memories, p${q * 100}`;
      return [
        { name, value: one, unit: 'ms' },
        atMost(`${name}, against the embedded store`, one / other, 'x', 1.3),
      ];
    }),
  ];
}

/** @returns how long the memories took, ms; their vectors follow */
async function fill(store: Store, notes: readonly ReturnType<typeof draft>[]): Promise<number> {
  const took = await milliseconds(async () => {
    for (let i = 0; i < notes.length; i += BATCH)
      await store.memories.insert(notes.slice(i, i + BATCH), caller);
  });
  const random = seeded(7);
  for (;;) {
    const pending = await store.embeddings.pending(MODEL.id, BATCH);
    if (pending.length === 0) return took;
    await store.embeddings.put(
      MODEL.id,
      MODEL.dimensions,
      pending.map(({ num, contentHash }) => ({
        num,
        contentHash,
        vector: randomUnit(MODEL.dimensions, random),
      })),
    );
  }
}

/** From the acknowledgement here until another machine's search has found it. */
async function finding(folder: string, port: number): Promise<BenchResult[]> {
  await using here = await openMachine({ path: join(folder, 'here.db'), port });
  await using there = await startMachine(folder, port, 'there');
  const times: number[] = [];
  for (let i = 0; i < FINDS; i++) {
    const id = `unheard${i}`;
    await here.memories.insert([draft(`${id} is the word to look for.`, { id })], caller);
    times.push(await milliseconds(() => there.ask({ find: id })));
  }
  const p95 = quantile(times, 0.95);
  return [
    {
      name: 'from the acknowledgement until another machine finds it, p50',
      value: median(times),
      unit: 'ms',
    },
    {
      name: 'from the acknowledgement until another machine finds it, p95',
      value: p95,
      unit: 'ms',
      target: '< 50',
      met: p95 < 50,
    },
  ];
}

/** Machines that store at once, each as fast as it can. */
async function together(folder: string, port: number): Promise<BenchResult[]> {
  const names = Array.from({ length: CLIENTS }, (_, i) => `machine-${i}`);
  const machines = await Promise.all(names.map(name => startMachine(folder, port, name)));
  const began = performance.now();
  const all = await Promise.all(machines.map(machine => machine.ask({ store: STORES_EACH })));
  const seconds = (performance.now() - began) / 1e3;
  for (const machine of machines) await machine[Symbol.asyncDispose]();
  const name = `${CLIENTS} machines that store at once`;
  return [
    { name, value: (CLIENTS * STORES_EACH) / seconds, unit: 'changes/s' },
    { name: `${name}: acknowledged, p50`, value: median(all.flat()), unit: 'ms' },
    { name: `${name}: acknowledged, p95`, value: quantile(all.flat(), 0.95), unit: 'ms' },
  ];
}

interface Machine extends AsyncDisposable {
  /** @returns milliseconds, as measured there */
  ask(request: Request): Promise<readonly number[]>;
}

async function startMachine(folder: string, port: number, name: string): Promise<Machine> {
  const child: ChildProcess = fork(
    join(packageRoot, 'bench', 'centralClient.ts'),
    [folder, String(port), name],
    { execArgv: ['--import', 'tsx'], cwd: packageRoot },
  );
  await once(child, 'message');
  return {
    async ask(request) {
      const answer = once(child, 'message');
      child.send(request);
      return (await answer)[0] as number[];
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function atMost(name: string, value: number, unit: string, limit: number): BenchResult {
  return { name, value, unit, target: `<= ${limit}`, met: value <= limit };
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
