import { randomUUID } from 'node:crypto';
import { RecordSpace } from '../../src/adapters/redis/records/recordSpace.ts';
import { RedisConnection } from '../../src/adapters/redis/redisConnection.ts';
import { RedisTaskStore } from '../../src/adapters/redis/work/redisTaskStore.ts';
import { startRedis } from '../../test/fixtures/redis.ts';
import { redisOptions } from '../../test/fixtures/redisOptions.ts';
import { leaseOf, taskDraft, want } from '../../test/fixtures/taskDrafts.ts';
import type { BenchResult } from '../benchResult.ts';
import { planLoad, runLoad } from '../openLoop.ts';
import { quantile } from '../statistics.ts';
import { mixture } from './mixture.ts';

const BATCH = 500;
const LIMIT_MS = 10;

export interface ClaimLatencyOptions {
  /** Tasks, of some 50 sets of capabilities. */
  readonly waiting: number;
  /** Each with a connection of its own, and some of the capabilities. */
  readonly agents: number;
  /** Claims a second of all of them, at times that are decided beforehand; each is completed. */
  readonly rate: number;
  readonly seconds: number;
}

/** How long a claim takes while very many tasks wait, most of which the agent cannot do. */
export async function claimLatencyBench(options: ClaimLatencyOptions): Promise<BenchResult[]> {
  const { waiting, agents: count, rate, seconds } = options;
  const config = {
    appendfsync: 'everysec',
    'hash-max-listpack-value': '4096',
    'latency-tracking-info-percentiles': '95',
  };
  await using redis = await startRedis({ config });
  const { skills, wanted } = mixture();
  const open = () => {
    const connection = new RedisConnection({ ...redisOptions({ url: redis.url }), prefix: '' });
    return { connection, tasks: new RedisTaskStore(new RecordSpace(connection)), capabilities: skills() };
  };
  const agents = Array.from({ length: count }, open);
  for (let i = 0; i < waiting; i += BATCH)
    await Promise.all(
      Array.from({ length: BATCH }, () => agents[0]!.tasks.submit(taskDraft(randomUUID(), wanted()))),
    );
  for (const { tasks } of agents) await tasks.tick(1);
  await redis.cli('config', 'resetstat');
  const plan = planLoad({ rate, seconds, clients: count, mix: { claim: 1 } });
  const completions: Promise<unknown>[] = [];
  const times = await runLoad(plan, async ({ client }) => {
    const { tasks, capabilities } = agents[client]!;
    const [claimed] = await tasks.claim(want(`agent ${client}`, { capabilities }));
    if (claimed) completions.push(tasks.complete(leaseOf(claimed), {}, {}));
  });
  await Promise.all(completions);
  for (const { connection } of agents) await connection[Symbol.asyncDispose]();
  const [, within] = /latency_percentiles_usec_evalsha:p95=([\d.]+)/.exec(
    await redis.cli('info', 'latencystats'),
  )!;
  const name = `claim, ${waiting} tasks waiting, ${count} agents, ${rate} claims/s`;
  const p95 = quantile(times.get('claim')!, 0.95);
  return [
    { name: `${name}, p50`, value: quantile(times.get('claim')!, 0.5), unit: 'ms' },
    { name: `${name}, p95`, value: p95, unit: 'ms', target: `< ${LIMIT_MS}`, met: p95 < LIMIT_MS },
    { name: 'of it within Redis, p95 of claims and completions', value: Number(within) / 1e3, unit: 'ms' },
  ];
}
