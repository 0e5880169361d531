import { join } from 'node:path';
import { createPackedCodec } from '../src/adapters/encoding/packedCodec.ts';
import { identity } from '../src/adapters/node/identity.ts';
import { RedisCacheStore } from '../src/adapters/redis/caches/redisCacheStore.ts';
import { RedisConnection } from '../src/adapters/redis/redisConnection.ts';
import { SqliteCacheStore } from '../src/adapters/sqlite/caches/sqliteCacheStore.ts';
import { Caches } from '../src/engine/caches/caches.ts';
import type { Engine } from '../src/engine/engine.ts';
import type { CacheStore } from '../src/engine/ports/cacheStore.ts';
import type { Recalled } from '../src/engine/recall/recall.ts';
import { callerNamed } from '../test/fixtures/callers.ts';
import { never, openEngine } from '../test/fixtures/engine.ts';
import { silent } from '../test/fixtures/logger.ts';
import { startRedis } from '../test/fixtures/redis.ts';
import { redisOptions } from '../test/fixtures/redisOptions.ts';
import { temporaryFolder } from '../test/fixtures/temporaryFolder.ts';
import { seeded } from '../test/fixtures/vectors.ts';
import type { BenchResult } from './benchResult.ts';
import { lookUpTrace } from './caches/lookUpTrace.ts';
import { recallQuestions, syntheticMemories } from './corpus.ts';
import { median, quantile } from './statistics.ts';

const MEMORIES = 10_000;
const BATCH = 500;
const QUESTIONS = 200;
const WARM_UP = 30;
const MIB = 2 ** 20;
/** Of what is made of a file, and of what is known of a model. */
const RESULT_CHARS = { file: 12_000, model: 600 } as const;

const caller = callerNamed('bench');
const questions = recallQuestions(QUESTIONS + WARM_UP);

/** How often the shared caches have what is looked for, what a repeated question costs, and whether answers shared by Redis would be faster still. */
export async function cachesBench(): Promise<BenchResult[]> {
  await using folder = await temporaryFolder();
  await using redis = await startRedis({
    config: { appendfsync: 'everysec', maxmemory: '256mb', 'maxmemory-policy': 'allkeys-lru' },
  });
  const url = `redis://127.0.0.1:${redis.port}`;
  const openRedis = () =>
    new RedisCacheStore(new RedisConnection({ ...redisOptions({ url }), prefix: 'trace:' }));
  let now = 0;
  const openFile = () =>
    new SqliteCacheStore({
      path: join(folder.path, 'cache.db'),
      ...{ now: () => now, maxBytes: 64 * MIB, busyDeadlineMs: 1_000 },
    });
  const results = [
    ...(await lookingUp('Redis of 256 MB', openRedis, () => {})),
    ...(await lookingUp('a file of 64 MB', openFile, at => {
      now = at;
    })),
    ...(await repeating('embedded store', join(folder.path, 'own'), {})),
  ];
  // A central memory must not lose what it holds.
  await using central = await startRedis({ config: { appendfsync: 'everysec' } });
  const settings = { 'redis.url': `redis://127.0.0.1:${central.port}` };
  return [...results, ...(await repeating('central Redis', join(folder.path, 'central'), settings))];
}

/** The day that was written down beforehand. */
async function lookingUp(
  name: string,
  open: () => CacheStore,
  setTime: (at: number) => void,
): Promise<BenchResult[]> {
  const processes = new Map<string, Caches>();
  const random = seeded(9);
  const computed = { model: 0, file: 0 };
  const asked = { model: 0, file: 0 };
  const hits: number[] = [];
  for (const { atMs, kind, name: of, edition, process } of lookUpTrace()) {
    setTime(atMs);
    const caches = processes.get(process) ?? openCaches(open());
    processes.set(process, caches);
    const before = computed[kind];
    asked[kind] += 1;
    const began = performance.now();
    const cache = kind === 'model' ? 'models' : 'processing_results';
    await caches.getOrCompute(cache, `${of}:${edition}`, async () => {
      computed[kind] += 1;
      return textOf(RESULT_CHARS[kind], random);
    });
    if (computed[kind] === before) hits.push(performance.now() - began);
  }
  for (const caches of processes.values()) await caches[Symbol.asyncDispose]();
  const rate = (of: 'model' | 'file') => 1 - computed[of] / asked[of];
  const all = 1 - (computed.model + computed.file) / (asked.model + asked.file);
  return [
    percent(`${name}: hit rate of the written trace`, all, 90),
    percent(`${name}: hit rate of its models`, rate('model'), 90),
    { name: `${name}: hit rate of its files`, value: 100 * rate('file'), unit: '%' },
    { name: `${name}: a hit, p50`, value: median(hits), unit: 'ms' },
    atMost(`${name}: a hit, p95`, quantile(hits, 0.95), 5),
  ];
}

/** The same questions twice, with the shipped model. */
async function repeating(
  name: string,
  folder: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<BenchResult[]> {
  await using engine = await openEngine(folder, settings);
  const notes = [...syntheticMemories(MEMORIES)];
  for (let i = 0; i < notes.length; i += BATCH)
    await engine.memories.store(
      notes.slice(i, i + BATCH).map(({ content, tags }) => ({ content, tags })),
      caller,
    );
  await engine.settled(never);
  await recallAll(engine, questions.slice(QUESTIONS));
  const asked = questions.slice(0, QUESTIONS);
  const first = await recallAll(engine, asked);
  const again = await recallAll(engine, asked);
  // With the question's vector at hand, but no answer: what a shared answer would have to beat.
  await engine.caches.forget({ cache: 'responses' });
  const searched = await recallAll(engine, asked);
  const saved = 1 - median(again.times) / median(first.times);
  return [
    { name: `${name}: first recall, p50`, value: median(first.times), unit: 'ms' },
    { name: `${name}: repeated recall, p50`, value: median(again.times), unit: 'ms' },
    percent(`${name}: repeated recall is faster by`, saved, 30),
    atMost(`${name}: repeated recall, p95`, quantile(again.times, 0.95), 5),
    { name: `${name}: recall with a known vector, p50`, value: median(searched.times), unit: 'ms' },
    ...(name === 'central Redis' ? await sharing(name, settings['redis.url'] as string, first.answers) : []),
  ];
}

/** What it would cost to have ids and scores from Redis; heads and memories would have to be read all the same. */
async function sharing(
  name: string,
  url: string,
  answers: readonly (readonly Recalled[])[],
): Promise<BenchResult[]> {
  const connection = new RedisConnection({ ...redisOptions({ url }), prefix: 'shared:' });
  await using caches = openCaches(new RedisCacheStore(connection));
  const times: number[] = [];
  for (const [i, answer] of answers.entries()) {
    const hits = answer.map(({ memory, parts, score }) => ({ id: memory.id, score, parts }));
    await caches.put('responses', questions[i]!, hits);
    const began = performance.now();
    await caches.get('responses', questions[i]!);
    times.push(performance.now() - began);
  }
  return [{ name: `${name}: an answer from Redis alone, p50`, value: median(times), unit: 'ms' }];
}

async function recallAll(engine: Engine, texts: readonly string[]) {
  const times: number[] = [];
  const answers: (readonly Recalled[])[] = [];
  for (const text of texts) {
    const began = performance.now();
    const { memories, mode } = await engine.recall.search({ text, limit: 8 }, caller, never);
    times.push(performance.now() - began);
    if (mode !== 'hybrid') throw new Error(`recall was ${mode}`);
    answers.push(memories);
  }
  return { times, answers };
}

function openCaches(store: CacheStore): Caches {
  return new Caches({
    ...{ store, codec: createPackedCodec(4 * MIB), logger: silent, newId: identity.newId },
    deadlineMs: 1_000,
  });
}

function textOf(chars: number, random: () => number): string {
  let text = '';
  while (text.length < chars) text += `${random().toString(36).slice(2, 8)} `;
  return text;
}

function percent(name: string, share: number, least: number): BenchResult {
  return { name, value: 100 * share, unit: '%', target: `>= ${least}`, met: 100 * share >= least };
}

function atMost(name: string, value: number, limit: number): BenchResult {
  return { name, value, unit: 'ms', target: `< ${limit}`, met: value < limit };
}
