import { join } from 'node:path';
import { Redis } from 'ioredis';
import { LEARNING_MAX_ENTRIES } from '../src/engine/ports/learningQueue.ts';
import type { Records } from '../src/engine/ports/records.ts';
import { draft } from '../test/fixtures/drafts.ts';
import { openMachine } from '../test/fixtures/machine.ts';
import { openRedisRecords } from '../test/fixtures/openRedisRecords.ts';
import { type RedisServer, startRedis } from '../test/fixtures/redis.ts';
import { redisOptions } from '../test/fixtures/redisOptions.ts';
import { temporaryFolder } from '../test/fixtures/temporaryFolder.ts';
import { randomUnit, seeded } from '../test/fixtures/vectors.ts';
import type { BenchResult } from './benchResult.ts';
import { caller, MODEL } from './centralClient.ts';
import { syntheticMemories } from './corpus.ts';
import { typicalCall, typicalEmbedding, typicalNode, typicalSession, typicalUse } from './typicalRecords.ts';

const BATCH = 500;
const MB = 1e6;
/** As Debian has it, and with hashes of a few kilobytes in one piece. */
const SERVERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {},
  ', hash-max-listpack-value 4096': { 'hash-max-listpack-value': '4096' },
};

interface Mix {
  readonly name: string;
  readonly sessions: number;
  readonly embeddings: number;
  readonly queue: number;
  readonly limitMb: number;
}

export interface SizesOptions {
  readonly mixes: readonly Mix[];
  /** How many memories, one measurement each. */
  readonly memories: readonly number[];
  /** Of each kind of record, to learn what one takes. */
  readonly each: number;
}

export const MIXES: readonly Mix[] = [
  { name: 'a week', sessions: 100, embeddings: 10_000, queue: 50_000, limitMb: 150 },
  { name: 'a month', sessions: 500, embeddings: 50_000, queue: 200_000, limitMb: 600 },
];

/** What the central Redis holds in memory (used_memory), without the log of commands on disk: records of typical sizes, and memories. */
export async function sizesBench({ mixes, memories, each }: SizesOptions): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const [how, config] of Object.entries(SERVERS)) {
    const start = () => startRedis({ config: { ...config, appendonly: 'no' } });
    const found: BenchResult[] = [];
    found.push(...(await eachKind(await start(), each)));
    for (const mix of mixes) found.push(await filled(await start(), mix));
    for (const count of memories) found.push(...(await memoriesOf(await start(), count)));
    results.push(...found.map(one => ({ ...one, name: `${one.name}${how}` })));
  }
  return results;
}

async function eachKind(server: RedisServer, count: number): Promise<BenchResult[]> {
  await using redis = server;
  await using opened = await openRedisRecords(redisOptions({ url: redis.url, deadlineMs: 10_000 }), '');
  const { records } = opened;
  // What the connection and the scripts take is there before anything is measured.
  for (const work of Object.values(kinds)) await work(records, 0, 1);
  const each = new Map<string, number>();
  for (const [name, work] of Object.entries(kinds)) {
    const before = await usedMemory(redis);
    await work(records, 1, count);
    each.set(name, ((await usedMemory(redis)) - before) / count);
  }
  const embeddings = (number: number) => number * each.get('embedding, 4 KB')!;
  const queue = LEARNING_MAX_ENTRIES * each.get('entry of the learning queue, 2 KB')!;
  return [
    ...[...each].map(([name, value]) => ({ name: `one ${name}`, value, unit: 'bytes' })),
    atMost('a year: 500,000 embeddings and a full queue, by these', (embeddings(5e5) + queue) / 1e9, 'GB', 6),
    atMost('a million embeddings and a full queue, by these', (embeddings(1e6) + queue) / 1e9, 'GB', 8),
  ];
}

const kinds: Readonly<Record<string, (records: Records, from: number, count: number) => Promise<unknown>>> = {
  'session, 1 KB': (records, from, count) =>
    batches(from, count, i => records.sessions.put(typicalSession(i), `user-${i % 10}`)),
  'embedding, 4 KB': async (records, from, count) => {
    for (let at = from; at < from + count; at += BATCH)
      await records.embeddings.put(numbers(at, from + count).map(i => typicalEmbedding(i, 100)));
  },
  'entry of the learning queue, 2 KB': async (records, from, count) => {
    for (let at = from; at < from + count; at += BATCH)
      await records.learning.append(numbers(at, from + count).map(typicalUse));
  },
  'tool result, 8 KB': (records, from, count) =>
    batches(from, count, i => {
      const { call, result } = typicalCall(i);
      return records.toolResults.put(call, result, 'readOnly');
    }),
  'node with its heartbeat': (records, from, count) =>
    batches(from, count, async i => {
      await records.nodes.put(typicalNode(i));
      await records.nodes.heartbeat(`node-${i}`, { cpu: 12.5, gpu: 80, mem: 41 });
    }),
};

async function filled(
  server: RedisServer,
  { name, sessions, embeddings, queue, limitMb }: Mix,
): Promise<BenchResult> {
  await using redis = server;
  await using opened = await openRedisRecords(redisOptions({ url: redis.url, deadlineMs: 10_000 }), '');
  const { records } = opened;
  await kinds['session, 1 KB']!(records, 0, sessions);
  for (let at = 0; at < embeddings; at += BATCH)
    await records.embeddings.put(numbers(at, embeddings).map(i => typicalEmbedding(i, sessions)));
  await kinds['entry of the learning queue, 2 KB']!(records, 0, queue);
  const { entries } = await records.learning.size();
  const what = `${name}: ${sessions} sessions, ${embeddings} embeddings, ${queue} learned (${entries} kept)`;
  return atMost(what, (await usedMemory(redis)) / MB, 'MB', limitMb);
}

/** Short notes, as the other benchmarks have them, with a vector each. */
async function memoriesOf(server: RedisServer, count: number): Promise<BenchResult[]> {
  await using folder = await temporaryFolder();
  await using redis = server;
  await using machine = await openMachine({ path: join(folder.path, 'one.db'), port: redis.port });
  await machine.memories.insert([draft('the first')], caller);
  const before = await usedMemory(redis);
  const notes = [...syntheticMemories(count)].map(({ content, tags }) => draft(content, { tags }));
  for (let at = 0; at < count; at += BATCH)
    await machine.memories.insert(notes.slice(at, at + BATCH), caller);
  const { waiting, problem } = (await machine.report()).central!;
  if (waiting > 0) throw new Error(`${waiting} memories are not in Redis: ${problem}`);
  const stored = await usedMemory(redis);
  const random = seeded(7);
  for (;;) {
    const pending = await machine.embeddings.pending(MODEL.id, BATCH);
    if (pending.length === 0) break;
    const vectors = pending.map(one => ({ ...one, vector: randomUnit(MODEL.dimensions, random) }));
    await machine.embeddings.put(MODEL.id, MODEL.dimensions, vectors);
  }
  const all = await usedMemory(redis);
  const size = async (key: string) => Number(await redis.cli('memory', 'usage', key, 'samples', '0'));
  const characters = notes.reduce((sum, { content }) => sum + content.length, 0) / count;
  const label = `${count} memories of ${Math.round(characters)} characters`;
  return [
    { name: `${label}: all of it`, value: all / MB, unit: 'MB' },
    { name: `${label}: one, without its vector`, value: (stored - before) / count, unit: 'bytes' },
    { name: `${label}: one, of that in the log`, value: (await size('operations')) / count, unit: 'bytes' },
    {
      name: `${label}: one, of that in the index of all`,
      value: (await size('memories')) / count,
      unit: 'bytes',
    },
    {
      name: `${label}: the vector of one, ${MODEL.dimensions} numbers`,
      value: (all - stored) / count,
      unit: 'bytes',
    },
    atMost(`${label}: one with its vector, as an embedding`, (all - before) / count, 'bytes', 4_096),
  ];
}

/** Without the buffers of connections, which come and go meanwhile: as they are at this instant (INFO knows those of a moment ago). */
async function usedMemory(redis: RedisServer): Promise<number> {
  const connection = new Redis(redis.url);
  try {
    const [info, clients] = (await connection.multi().info('memory').client('LIST').exec())!;
    const buffers = String(clients![1]).matchAll(/ tot-mem=(\d+)/g);
    const used = /^used_memory:(\d+)/m.exec(String(info![1]))![1];
    return [...buffers].reduce((rest, [, bytes]) => rest - Number(bytes), Number(used));
  } finally {
    connection.disconnect();
  }
}

async function batches(from: number, count: number, work: (i: number) => Promise<unknown>): Promise<void> {
  for (let at = from; at < from + count; at += BATCH) await Promise.all(numbers(at, from + count).map(work));
}

/** At most a batch of them. */
function numbers(from: number, end: number): number[] {
  return Array.from({ length: Math.min(BATCH, end - from) }, (_, i) => from + i);
}

function atMost(name: string, value: number, unit: string, limit: number): BenchResult {
  return { name, value, unit, target: `<= ${limit}`, met: value <= limit };
}
