import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import { BullJobQueue } from '../src/adapters/bullmq/bullJobQueue.ts';
import { RedisConnection } from '../src/adapters/redis/redisConnection.ts';
import { SqliteJobQueue } from '../src/adapters/sqlite/jobs/sqliteJobQueue.ts';
import type { JobQueue } from '../src/engine/ports/jobQueue.ts';
import { type RedisServer, startRedis } from '../test/fixtures/redis.ts';
import { redisOptions } from '../test/fixtures/redisOptions.ts';
import { temporaryFolder } from '../test/fixtures/temporaryFolder.ts';
import type { BenchResult } from './benchResult.ts';
import { median } from './statistics.ts';

const CONCURRENCY = 20;
const BATCH = 200;

export interface JobsBenchOptions {
  /** In each round. */
  readonly jobs: number;
  /** The first warms up. */
  readonly rounds: number;
}

/**
 * Jobs that need no time, done by one worker of one process: in our queue on Redis and in the file, against a bare worker of BullMQ on the
 * same Redis, by turns. Adding is not counted.
 */
export async function jobsBench({ jobs, rounds }: JobsBenchOptions): Promise<BenchResult[]> {
  await using redis = await startRedis({ config: { appendfsync: 'everysec' } });
  await using folder = await temporaryFolder();
  const rates: Record<'bare' | 'ours' | 'file', number[]> = { bare: [], ours: [], file: [] };
  for (let round = 0; round < rounds; round++) {
    rates.bare.push(await bare(redis, jobs));
    const prefix = `${randomUUID()}:`;
    const connection = new RedisConnection({ ...redisOptions({ url: redis.url }), prefix });
    rates.ours.push(await throughput(new BullJobQueue(connection), jobs));
    const path = join(folder.path, `jobs-${round}.db`);
    rates.file.push(await throughput(new SqliteJobQueue({ path, now: Date.now }), jobs));
  }
  const [bareRate, ours, file] = [rates.bare, rates.ours, rates.file].map(all => median(all.slice(1))) as [
    number,
    number,
    number,
  ];
  const share = ours / bareRate;
  return [
    { name: `a bare worker of BullMQ, ${CONCURRENCY} jobs at once`, value: bareRate, unit: '1/s' },
    { name: 'jobs of the LAN, in BullMQ', value: ours, unit: '1/s' },
    {
      name: 'jobs of the LAN against a bare worker',
      value: share,
      unit: 'x',
      target: '>= 0.5',
      met: share >= 0.5,
    },
    { name: 'jobs of one machine, in a file', value: file, unit: '1/s' },
    { name: 'jobs of one machine against a bare worker', value: file / bareRate, unit: 'x' },
  ];
}

async function bare({ port }: RedisServer, count: number): Promise<number> {
  const connection = { host: '127.0.0.1', port };
  const name = randomUUID();
  const queue = new Queue(name, { connection });
  await inBatches(count, n => queue.add('job', { n }));
  let done = 0;
  const began = performance.now();
  const worker = new Worker(name, async () => ({}), { connection, concurrency: CONCURRENCY });
  await new Promise<void>(resolve => {
    worker.on('completed', () => ++done === count && resolve());
  });
  const seconds = (performance.now() - began) / 1_000;
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  return count / seconds;
}

async function throughput(opened: JobQueue, count: number): Promise<number> {
  await using queue = opened;
  await inBatches(count, n => queue.add({ name: 'job', payload: { n } }));
  let done = 0;
  const began = performance.now();
  await new Promise<void>(resolve => {
    queue.work({
      concurrency: CONCURRENCY,
      knows: () => true,
      run: async () => ({}),
      onEvent: event => event.kind === 'completed' && ++done === count && resolve(),
    });
  });
  return count / ((performance.now() - began) / 1_000);
}

async function inBatches(count: number, add: (n: number) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i += BATCH)
    await Promise.all(Array.from({ length: Math.min(BATCH, count - i) }, (_, j) => add(i + j)));
}
