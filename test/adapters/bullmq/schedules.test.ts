import assert from 'node:assert/strict';
import { Queue } from 'bullmq';
import { openBullJobs } from '../../fixtures/openJobs.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';

const DAY_MS = 86_400_000;
const HOURLY = { id: 'tidy', name: 'tidy', payload: {}, everyMs: 3_600_000 };

describe('a schedule in BullMQ', () => {
  it('that a worker with a clock ahead has put off for a day is due again within its interval', async () => {
    await using redis = await startRedis();
    await using jobs = await openBullJobs(redisOptions({ url: redis.url }), 'x:');
    const queue = new Queue('jobs', { connection: { url: redis.url }, prefix: 'x:bull' });
    try {
      const every = HOURLY.everyMs;
      await queue.upsertJobScheduler('tidy', { every, startDate: Date.now() + DAY_MS }, { name: 'tidy' });
      const [off] = await jobs.queue.schedules();
      assert.ok(off!.nextAt! > Date.now() + DAY_MS - every);
      await jobs.queue.schedule(HOURLY);
      const [planned, ...others] = await jobs.queue.schedules();
      assert.deepEqual([planned!.id, others], ['tidy', []]);
      assert.ok(planned!.nextAt! <= Date.now() + every + 2_000);
      // Nothing is left of the other time.
      const delayed = await jobs.queue.list(['delayed'], 10);
      assert.deepEqual(
        delayed.map(job => job.dueAt),
        [planned!.nextAt],
      );
    } finally {
      await queue.close();
    }
  });

  it('that is due within its interval stays as it is', async () => {
    await using redis = await startRedis();
    await using jobs = await openBullJobs(redisOptions({ url: redis.url }), 'x:');
    await jobs.queue.schedule(HOURLY);
    const before = await jobs.queue.schedules();
    await jobs.other.schedule(HOURLY);
    assert.deepEqual(await jobs.queue.schedules(), before);
  });
});
