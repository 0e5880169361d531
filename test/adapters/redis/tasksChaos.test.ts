import assert from 'node:assert/strict';
import { startRedis } from '../../fixtures/redis.ts';
import { taskChaos } from '../../fixtures/taskChaos.ts';

/** `CHAOS=full` is the long form: 10,000 tasks, 20 processes. */
const full = process.env['CHAOS'] === 'full';
/** In these seconds Redis is killed and started again. */
const RESTARTS = full ? [10, 40] : [1, 3];

describe('tasks of several processes on one Redis', function () {
  this.timeout(full ? 1_800_000 : 180_000);

  it('are each done once, whoever is killed or stopped, Redis too', async () => {
    await using redis = await startRedis();
    let restarts = 0;
    const summary = await taskChaos({
      place: redis.url,
      workers: full ? 20 : 4,
      tasks: full ? 10_000 : 300,
      seed: 20_261_121,
      async disturb(second) {
        if (!RESTARTS.includes(second)) return;
        await redis.kill();
        await redis.restart();
        restarts++;
      },
    });
    console.log(`      ${JSON.stringify({ ...summary, restarts })}`);
    assert.equal(restarts, RESTARTS.length);
    assert.ok(summary.completed > 0 && summary.kills + summary.stops > 0, JSON.stringify(summary));
  });
});
