import assert from 'node:assert/strict';
import { createCertificates } from '../../fixtures/certificates.ts';
import { type OpenJobs, openBullJobs } from '../../fixtures/openJobs.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { startRedisSentinels } from '../../fixtures/redisSentinels.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

/** One process adds it, again while Redis is away, another does it. */
async function isDone({ queue, other }: OpenJobs, key: string): Promise<void> {
  await until(async () => (await queue.add({ name: 'a', payload: {}, key })).id === key);
  await until(async () => (await other.find(key))!.state === 'completed');
}

const work = ({ other }: OpenJobs) =>
  other.work({ concurrency: 2, knows: () => true, run: async () => ({ done: true }), onEvent: () => {} });

describe('jobs of BullMQ', function () {
  this.timeout(120_000);

  it('are done over TLS, with a password', async () => {
    await using folder = await temporaryFolder();
    const tls = await createCertificates(folder.path);
    await using redis = await startRedis({ tls, config: { requirepass: 'let-me-in' } });
    await using jobs = await openBullJobs(redisOptions({ url: redis.url, caFile: tls.ca }), 'tls:');
    work(jobs);
    await isDone(jobs, 'one');
  });

  it('are done behind Sentinels, also when the primary has died', async () => {
    await using group = await startRedisSentinels();
    const options = redisOptions({ sentinels: group.sentinels, sentinelName: group.name });
    await using jobs = await openBullJobs(options, 's:');
    work(jobs);
    await isDone(jobs, 'before');
    await group.primary.kill();
    await isDone(jobs, 'after');
  });

  it('say that Redis is away, within the deadline, and go on when it is back', async () => {
    await using redis = await startRedis();
    await using jobs = await openBullJobs(redisOptions({ url: redis.url, deadlineMs: 500 }), 'a:');
    const events: string[] = [];
    jobs.other.work({
      concurrency: 1,
      knows: () => true,
      run: async () => ({ done: true }),
      onEvent: ({ kind }) => events.push(kind),
    });
    await isDone(jobs, 'before');
    await redis.kill();
    await assert.rejects(jobs.queue.counts(), { name: 'MemoryError', code: 'unavailable' });
    await until(() => events.includes('unavailable'));
    await redis.restart();
    await isDone(jobs, 'after');
  });

  it('say why they have never reached Redis, and go on once they do', async () => {
    await using redis = await startRedis({ config: { requirepass: 'other' } });
    const wrong = redis.url.replace('other', 'let-me-in');
    await using jobs = await openBullJobs(redisOptions({ url: wrong, deadlineMs: 500 }), 'n:');
    work(jobs);
    await assert.rejects(jobs.queue.counts(), {
      code: 'unavailable',
      badCredentials: true,
      message: /refused the password/,
    });
    await redis.cli('config', 'set', 'requirepass', 'let-me-in');
    await until(() =>
      isDone(jobs, 'after').then(
        () => true,
        () => false,
      ),
    );
  });
});
