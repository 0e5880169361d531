import assert from 'node:assert/strict';
import { freePort, startRedis } from '../../fixtures/redis.ts';
import { startServe } from '../../fixtures/startServe.ts';
import { until } from '../../fixtures/until.ts';

describe('metrics while Redis does not answer', function () {
  this.timeout(60_000);

  it('are told all the same, with what is known: that it is away', async () => {
    await using redis = await startRedis();
    const port = await freePort();
    await using server = await startServe({
      ...{ REDIS_URL: redis.url, REDIS_DEADLINE_MS: '300' },
      ...{ METRICS_PORT: `${port}`, METRICS_SAMPLE_SECONDS: '0' },
    });
    await server.tool('distribute_task', { title: 'Deploy' });
    const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    await until(async () => /^memory_central_tasks\{state="ready"\} 1$/m.test(await scrape()));
    redis.hang();
    await until(async () => /^memory_central_redis_up 0$/m.test(await scrape()));
    const told = await scrape();
    assert.doesNotMatch(told, /^memory_central_redis_(memory|ping)/m);
    assert.match(told, /^memory_central_sample_failures_total\{sample="tasks"\} [1-9]/m);
    redis.wake();
    await until(async () => /^memory_central_redis_up 1$/m.test(await scrape()));
    await until(async () => /^memory_central_tasks\{state="ready"\} 1$/m.test(await scrape()));
  });
});
