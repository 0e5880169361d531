import assert from 'node:assert/strict';
import { cliHome } from '../../fixtures/cli.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { startRedisWithSearch } from '../../fixtures/redisWithSearch.ts';

describe('the command line on a central Redis that searches', function () {
  this.timeout(120_000);

  it('tells where is searched, finds at once, and removes the index', async () => {
    await using redis = await startRedisWithSearch();
    await using cli = await cliHome();
    const env = { REDIS_URL: redis.url };
    await cli.json(['store', 'Deploys happen on Fridays'], { env });
    assert.match(
      (await cli.run(['status'], { env })).stdout,
      /search +in the process \(its index takes about/,
    );

    const server = { ...env, MEMORY_SEARCH_PLACE: 'server' };
    const first = await cli.run(['recall', 'deploy'], { env: server });
    assert.match(first.stdout, /Deploys happen on Fridays/);
    assert.match(first.stderr, /search: .* is being built.*Searched here: all 1 memories/);
    const { search } = (await cli.json(['status'], { env: server })) as {
      search: { server: { name: string } };
    };
    assert.match(search.server.name, /^search:v/);
    assert.match(
      (await cli.run(['status'], { env: server })).stdout,
      /search +on the server: .*search\.place says so/,
    );

    const { dropped } = await cli.json(['search-index', 'drop'], { env });
    assert.deepEqual(dropped, [search.server.name]);
    assert.equal(await redis.cli('FT._LIST'), '');
    assert.match((await cli.run(['search-index', 'drop'], { env })).stdout, /There was none/);
    assert.match((await cli.run(['recall', 'deploy'], { env })).stdout, /Deploys happen on Fridays/);
  });

  it('says that RediSearch is missing, not that Redis is too old', async () => {
    await using redis = await startRedis();
    await using cli = await cliHome();
    const env = { REDIS_URL: redis.url, MEMORY_SEARCH_PLACE: 'server' };
    await cli.json(['store', 'Deploys happen on Fridays'], { env });
    assert.doesNotMatch((await cli.run(['status'], { env })).stdout, /in the server/);
    const { stdout } = await cli.run(['doctor'], { env });
    assert.doesNotMatch(stdout, /Redis 7 or newer|in the server/);
    assert.match(stdout, /^. index +.*\n.*RediSearch/m);
  });

  it('says what to do where nothing can search there', async () => {
    await using cli = await cliHome();
    const { code, stderr } = await cli.run(['recall', 'deploy'], { env: { MEMORY_SEARCH_PLACE: 'server' } });
    assert.equal(code, 2);
    assert.match(stderr, /no central Redis in the settings\.\nSet REDIS_URL/);
    assert.match((await cli.run(['search-index', 'drop'])).stderr, /no central Redis/);
  });
});
