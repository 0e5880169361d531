import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import type { Records } from '../src/engine/ports/records.ts';
import { nearestRecent } from '../src/engine/records/nearestRecent.ts';
import { callTool } from '../test/fixtures/mcpClient.ts';
import { openRedisRecords } from '../test/fixtures/openRedisRecords.ts';
import { startRedis } from '../test/fixtures/redis.ts';
import { redisOptions } from '../test/fixtures/redisOptions.ts';
import { temporaryFolder } from '../test/fixtures/temporaryFolder.ts';
import { randomUnit, seeded } from '../test/fixtures/vectors.ts';
import type { BenchResult } from './benchResult.ts';
import { recallQuestions } from './corpus.ts';
import { fillCentral } from './fillCentral.ts';
import { caughtUp, recall, startServers } from './lanServers.ts';
import { planLoad, runLoad } from './openLoop.ts';
import { median, quantile } from './statistics.ts';
import { typicalCall, typicalEmbedding, typicalSession, typicalUse } from './typicalRecords.ts';

/** As it is shipped, deploy/redis/redis.conf: a change is on disk before it is acknowledged. */
const SERVER = { appendfsync: 'always', 'hash-max-listpack-value': '4096' };
const SESSIONS = 500;
const REPEATS = 100;
const MIX = {
  recall: 0.8,
  'store of a memory': 0.04,
  'session read': 0.04,
  'tool-cache check': 0.04,
  'queue append': 0.04,
  heartbeat: 0.04,
};
type Kind = keyof typeof MIX;
/** At p95. */
const LIMITS_MS: Readonly<Record<Kind, number>> = {
  recall: 50,
  'store of a memory': 100,
  'session read': 5,
  'tool-cache check': 5,
  'queue append': 5,
  heartbeat: 5,
};

export interface LanOptions {
  readonly memories: number;
  /** Each a process with a replica, an index and a model of its own. */
  readonly machines: number;
  /** Of all machines. */
  readonly clients: number;
  /** Requests/s of all clients together, at times that are decided beforehand. */
  readonly rate: number;
  readonly seconds: number;
}

/**
 * Machines of a LAN on one Redis, each the built server with several MCP clients over HTTP; records are used through their ports, by one program more.
 * Everything, the clients too, shares this machine. Vectors of the memories are random; questions are embedded by the shipped model.
 */
export async function lanBench(options: LanOptions): Promise<BenchResult[]> {
  const { memories, machines, clients } = options;
  await using folder = await temporaryFolder();
  await using redis = await startRedis({ config: SERVER });
  await fillCentral(join(folder.path, 'first.db'), redis.port, memories);
  const began = performance.now();
  await using servers = await startServers(folder.path, redis.url, machines);
  const connected = await Promise.all(
    Array.from({ length: clients }, (_, i) => servers.connect(i % machines)),
  );
  await Promise.all(connected.slice(0, machines).map(client => caughtUp(client, memories)));
  const ready = (performance.now() - began) / 1e3;
  await using opened = await openRedisRecords(redisOptions({ url: redis.url }), '');
  await putRecords(opened.records);
  const loaded = await load(options, connected, opened.records);
  const alone = await others(opened.records);
  for (const client of connected) await client.close();
  return [
    { name: `${machines} new machines have ${memories} memories and their index`, value: ready, unit: 's' },
    ...loaded,
    ...alone,
  ];
}

async function putRecords({ sessions, toolResults, embeddings }: Records): Promise<void> {
  await embeddings.put(Array.from({ length: SESSIONS }, (_, i) => typicalEmbedding(i, SESSIONS)));
  for (let i = 0; i < SESSIONS; i++) {
    await sessions.put(typicalSession(i), `user-${i % 10}`);
    const { call, result } = typicalCall(i);
    await toolResults.put(call, result, 'readOnly');
  }
}

async function load(
  { memories, machines, clients, rate, seconds }: LanOptions,
  connected: readonly Client[],
  records: Records,
): Promise<BenchResult[]> {
  const plan = planLoad({ rate, seconds, clients, mix: MIX });
  const questions = recallQuestions(plan.length);
  let lexical = 0;
  const works: Readonly<Record<Kind, (client: Client, i: number) => Promise<unknown>>> = {
    async recall(client, i) {
      if ((await recall(client, questions[i]!)) !== 'hybrid') lexical++;
    },
    'store of a memory': (client, i) =>
      callTool(client, 'store_memory', { content: `Request ${i}: ${questions[i]!}` }),
    async 'session read'(_, i) {
      if (!(await records.sessions.get(`session-${i % SESSIONS}`))) throw new Error('no session');
    },
    // Half of them were never put.
    'tool-cache check': (_, i) => records.toolResults.get(typicalCall(i % (2 * SESSIONS)).call),
    'queue append': (_, i) => records.learning.append([typicalUse(i)]),
    heartbeat: (_, i) => records.nodes.heartbeat(`node-${i % 20}`, { cpu: i % 100, gpu: 50, mem: 41 }),
  };
  const times = await runLoad(plan, ({ kind, client }, i) => works[kind](connected[client]!, i));
  const label = `${clients} clients of ${machines} servers, ${rate} requests/s, ${memories} memories`;
  const recalls = times.get('recall')!.length;
  return [
    ...[...times].flatMap(([kind, ms]) => [
      { name: `${label}: ${kind}, p50 of ${ms.length}`, value: median(ms), unit: 'ms' },
      below(`${label}: ${kind}, p95`, quantile(ms, 0.95), LIMITS_MS[kind]),
    ]),
    {
      name: `${label}: recalls that had no time to embed the question`,
      value: (100 * lexical) / recalls,
      unit: '%',
    },
  ];
}

/** What has a target too, one after the other once the load is over. */
async function others(records: Records): Promise<BenchResult[]> {
  const random = seeded(5);
  const vectors = Array.from({ length: REPEATS }, () => randomUnit(768, random));
  const works: Readonly<Record<string, readonly [limitMs: number, work: (i: number) => Promise<unknown>]>> = {
    'recent sessions, 10': [50, () => records.sessions.recent(10)],
    'nearest of the 100 embeddings put last': [50, i => nearestRecent(records.embeddings, vectors[i]!, 10)],
    'an embedding stored, with its indexes': [
      1_000,
      i => records.embeddings.put([typicalEmbedding(SESSIONS + i, SESSIONS)]),
    ],
    '100 entries of the learning queue appended, read and acknowledged': [
      1_000,
      async i => {
        await records.learning.append(Array.from({ length: 100 }, (_, j) => typicalUse(100 * i + j)));
        const entries = await records.learning.read('analytics', 'bench', 100);
        const ids = entries.map(({ id }) => id);
        if ((await records.learning.acknowledge('analytics', ids)) < 100) throw new Error('less than 100');
      },
    ],
  };
  const results: BenchResult[] = [];
  for (const [name, [limitMs, work]] of Object.entries(works)) {
    const times: number[] = [];
    for (let i = 0; i < REPEATS; i++) {
      const began = performance.now();
      await work(i);
      times.push(performance.now() - began);
    }
    results.push(below(`${name}, p95`, quantile(times, 0.95), limitMs));
  }
  return results;
}

function below(name: string, value: number, limit: number): BenchResult {
  return { name, value, unit: 'ms', target: `< ${limit}`, met: value < limit };
}
