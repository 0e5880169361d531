import assert from 'node:assert/strict';
import { cliHome } from '../../fixtures/cli.ts';
import { startRedis } from '../../fixtures/redis.ts';

describe('the command line on a central Redis', function () {
  this.timeout(60_000);

  it('shares memories between machines, says when it is offline, and brings what waits', async () => {
    await using redis = await startRedis();
    await using laptop = await cliHome();
    await using desk = await cliHome();
    const env = { REDIS_URL: redis.url, MEMORY_NAMESPACE: 'shop' };
    const { id } = await laptop.json(['store', 'Deploys happen on Fridays'], { env });
    assert.equal((await desk.json(['get', id as string], { env }))['content'], 'Deploys happen on Fridays');
    const status = await desk.json(['status'], { env });
    assert.deepEqual(status['central'], { location: `${redis.url}/0`, waiting: 0 });

    await redis.kill();
    const stored = await laptop.run(['store', 'Not on this Friday'], { env });
    assert.equal(stored.code, 0);
    assert.match(stored.stderr, /offline, 1 write waiting: .*not listening there/);
    assert.match((await laptop.run(['status'], { env })).stdout, /central +offline, 1 write waiting/);
    assert.equal((await laptop.json(['list'], { env }))['total'], 2);
    assert.equal((await desk.json(['list'], { env }))['total'], 1);

    await redis.restart();
    assert.equal((await laptop.json(['status'], { env }))['memories'], 2);
    assert.equal((await desk.json(['list'], { env }))['total'], 2);
  });
});
