import assert from 'node:assert/strict';
import { heldUpWorkerContract } from '../../contract/heldUpWorker.contract.ts';
import { jobChaos } from '../../fixtures/jobChaos.ts';
import { startRedis } from '../../fixtures/redis.ts';

const FULL = process.env['CHAOS'] === 'full';
const chaos = FULL
  ? { workers: 4, jobs: 800, kills: 60, poison: true }
  : { workers: 2, jobs: 60, kills: 4, poison: false };

heldUpWorkerContract('BullMQ', async () => {
  const redis = await startRedis();
  return { place: redis.url, [Symbol.asyncDispose]: async () => redis[Symbol.asyncDispose]() };
});

describe('jobs of BullMQ, whose workers are killed', function () {
  this.timeout(FULL ? 600_000 : 90_000);

  it('are all done, and what they leave is there once', async () => {
    await using redis = await startRedis();
    const { jobs } = await jobChaos({ ...chaos, place: redis.url, seed: 2 });
    assert.ok(jobs > 0);
  });

  it('are all done, though Redis is killed too', async () => {
    await using redis = await startRedis();
    let kills = 0;
    const disturb = async () => {
      if (kills++ % 3 !== 0) return;
      await redis.kill();
      await redis.restart();
    };
    const { jobs } = await jobChaos({ ...chaos, kills: FULL ? 30 : 2, place: redis.url, seed: 3, disturb });
    assert.ok(jobs > 0);
  });
});
