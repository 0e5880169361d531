import { randomUUID } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import { openWorkAt } from '../../test/fixtures/openWorkAt.ts';
import { type RedisServer, startRedis } from '../../test/fixtures/redis.ts';
import { leaseOf, taskDraft, want } from '../../test/fixtures/taskDrafts.ts';
import type { BenchResult } from '../benchResult.ts';
import { median } from '../statistics.ts';

/** What BullMQ's documentation recommends for jobs that wait: 100 to 300 at once. */
const CONCURRENCY = 200;
const BATCH = 500;

/** Each of so many agents has up to so many tasks at once: together as many as BullMQ's worker. */
const AGENTS = { agents: 10, tasksEach: 20 };
const ONE_BY_ONE = { agents: 100, tasksEach: 1 };

export interface ThroughputOptions {
  /** In each round. */
  readonly tasks: number;
  /** The first warms up. */
  readonly rounds: number;
}

/**
 * Claiming and completing tasks that need no time, against the jobs of BullMQ by a worker that does nothing: by turns, on one Redis, each in
 * one process. Adding is not counted.
 */
export async function taskThroughputBench({ tasks, rounds }: ThroughputOptions): Promise<BenchResult[]> {
  const config = { appendfsync: 'everysec', 'hash-max-listpack-value': '4096' };
  await using redis = await startRedis({ config });
  const theirs: number[] = [];
  const ours: number[] = [];
  const single: number[] = [];
  for (let round = 0; round < rounds; round++) {
    theirs.push(await jobs(redis, tasks));
    ours.push(await claims(redis, tasks, AGENTS));
    single.push(await claims(redis, tasks, ONE_BY_ONE));
  }
  const [jobRate, rate, singleRate] = [theirs, ours, single].map(rates => median(rates.slice(1))) as [
    number,
    number,
    number,
  ];
  const ratio = rate / jobRate;
  return [
    { name: `jobs of BullMQ, ${CONCURRENCY} at once`, value: jobRate, unit: '1/s' },
    {
      name: `tasks claimed and completed, ${AGENTS.agents} agents with ${AGENTS.tasksEach} each`,
      value: rate,
      unit: '1/s',
    },
    { name: 'tasks against jobs', value: ratio, unit: 'x', target: '>= 0.5', met: ratio >= 0.5 },
    {
      name: `tasks claimed one by one and completed, ${ONE_BY_ONE.agents} agents, against jobs`,
      value: singleRate / jobRate,
      unit: 'x',
    },
  ];
}

async function jobs({ port }: RedisServer, count: number): Promise<number> {
  const connection = { host: '127.0.0.1', port };
  const name = randomUUID();
  const queue = new Queue(name, { connection });
  for (let i = 0; i < count; i += BATCH)
    await queue.addBulk(Array.from({ length: BATCH }, (_, j) => ({ name: 'job', data: { n: i + j } })));
  const began = performance.now();
  let done = 0;
  let seconds = 0;
  const worker = new Worker(name, async () => {}, { connection, concurrency: CONCURRENCY });
  await new Promise<void>(resolve => {
    worker.on('completed', () => {
      if (++done < count) return;
      seconds = (performance.now() - began) / 1e3;
      resolve();
    });
  });
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  return count / seconds;
}

async function claims(
  redis: RedisServer,
  count: number,
  { agents, tasksEach }: { readonly agents: number; readonly tasksEach: number },
): Promise<number> {
  await using store = await openWorkAt(redis.url);
  const { tasks } = store;
  for (let i = 0; i < count; i += BATCH)
    await Promise.all(
      Array.from({ length: BATCH }, (_, j) =>
        tasks.submit(taskDraft(randomUUID(), { payload: { n: i + j } })),
      ),
    );
  const began = performance.now();
  const work = async (agent: string): Promise<number> => {
    for (let done = 0; ; ) {
      const claimed = await tasks.claim(want(agent, { count: tasksEach }));
      if (claimed.length === 0) return done;
      await Promise.all(claimed.map(one => tasks.complete(leaseOf(one), {}, {})));
      done += claimed.length;
    }
  };
  const done = await Promise.all(Array.from({ length: agents }, (_, i) => work(`agent ${i}`)));
  const seconds = (performance.now() - began) / 1e3;
  const total = done.reduce((sum, n) => sum + n, 0);
  if (total !== count) throw new Error(`${total} of ${count} tasks were completed`);
  await redis.cli('flushall');
  return count / seconds;
}
