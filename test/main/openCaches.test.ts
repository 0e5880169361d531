import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadSettings } from '../../src/config/loadSettings.ts';
import { openCaches } from '../../src/main/openCaches.ts';
import { refuses } from '../contract/records/refuses.ts';
import { silent } from '../fixtures/logger.ts';
import { type RedisServer, startRedis } from '../fixtures/redis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

const NOWHERE = '/dev/null/no-folder';
const open = (overrides: Readonly<Record<string, unknown>>, folder = NOWHERE) =>
  openCaches(loadSettings({ env: {}, folders: [], overrides }), folder, silent);

describe('openCaches', () => {
  let redis: RedisServer;

  before(async () => {
    redis = await startRedis();
  });

  beforeEach(() => redis.cli('flushall'));

  after(() => redis[Symbol.asyncDispose]());

  /** Number of keys by database, without the statistics. */
  const keys = async () => {
    const found: Record<number, string> = {};
    for (const db of [0, 1, 2]) found[db] = await redis.cli('-n', `${db}`, 'keys', 'cache:*');
    return found;
  };

  it('uses a file in the data directory where there is no Redis', async () => {
    await using folder = await temporaryFolder();
    {
      await using caches = (await open({}, folder.path)).caches;
      await caches.put('models', 'a', { size: 1 });
    }
    await using caches = (await open({}, folder.path)).caches;
    assert.deepEqual(await caches.get('models', 'a'), { size: 1 });
    const [server] = (await caches.statistics()).servers;
    assert.equal(server!.location, join(folder.path, 'cache.db'));
  });

  it('uses the central Redis, with its prefix, or one of its own', async () => {
    const central = { 'redis.host': '127.0.0.1', 'redis.port': redis.port, 'redis.prefix': 'mine:' };
    {
      await using caches = (await open(central)).caches;
      assert.ok(await caches.put('models', 'a', 1));
      assert.equal(await redis.cli('keys', '*'), 'mine:cache:models:a');
    }
    await using other = await startRedis({
      config: { 'maxmemory-policy': 'allkeys-lru', maxmemory: '256mb' },
    });
    await using caches = (await open({ ...central, 'cache.redisUrl': other.url })).caches;
    await caches.put('models', 'b', 1);
    assert.equal(await redis.cli('keys', '*'), 'mine:cache:models:a');
    const [server] = (await caches.statistics()).servers;
    assert.deepEqual([server!.eviction, server!.maxBytes], ['allkeys-lru', 256 * 2 ** 20]);
  });

  for (const url of ['', '/0', '/7'])
    it(`keeps the services apart in numbered databases, given an address that ends in "${url}"`, async () => {
      const settings = { 'redis.url': redis.url + url, 'cache.databases': true };
      await using caches = (await open(settings)).caches;
      for (const cache of ['models', 'responses', 'sessions'] as const) await caches.put(cache, 'a', cache);
      assert.deepEqual(await keys(), { 0: 'cache:models:a', 1: 'cache:responses:a', 2: 'cache:sessions:a' });
      await redis.cli('-n', '1', 'flushdb');
      assert.deepEqual(
        await Promise.all(
          (['models', 'responses', 'sessions'] as const).map(cache => caches.get(cache, 'a')),
        ),
        ['models', undefined, 'sessions'],
      );
      assert.equal(await caches.forget({ pattern: '*' }), 2);
      const { servers, tallies } = await caches.statistics();
      assert.deepEqual(
        servers.map(({ location }) => location.slice(-2)),
        ['/0', '/1', '/2'],
      );
      assert.deepEqual([...tallies.keys()].sort(), ['models', 'responses', 'sessions']);
    });

  it('refuses numbered databases where there are none', async () => {
    const numbered = { 'cache.databases': true };
    await refuses('invalid_input', open(numbered));
    await refuses('invalid_input', open({ ...numbered, 'redis.cluster': '127.0.0.1:7000' }));
    const central = { ...numbered, 'redis.url': redis.url };
    await refuses('invalid_input', open({ ...central, 'search.place': 'server' }));
    const own = await open({ ...central, 'search.place': 'server', 'cache.redisUrl': redis.url });
    await own.caches[Symbol.asyncDispose]();
  });

  it('keeps nothing where caches are switched off', async () => {
    await using caches = (await open({ 'cache.enabled': false, 'redis.url': redis.url })).caches;
    let computed = 0;
    for (let i = 0; i < 2; i++) await caches.getOrCompute('models', 'a', async () => ++computed);
    assert.equal(computed, 2);
    assert.equal(await redis.cli('dbsize'), '0');
  });

  it('keeps entries as long as the settings say', async () => {
    const minutes = { 'cache.responseMinutes': 2, 'cache.sessionMinutes': 3 };
    await using caches = (await open({ 'redis.url': redis.url, ...minutes })).caches;
    const left = async (cache: string) => Number(await redis.cli('ttl', `cache:${cache}:a`)) / 60;
    for (const [cache, wanted] of [
      ['responses', 2],
      ['context_bundles', 2],
      ['sessions', 3],
      ['models', 24 * 60],
      ['conversations', 30 * 24 * 60],
    ] as const) {
      await (cache === 'conversations' ? caches.append(cache, 'a', 1) : caches.put(cache, 'a', 1));
      assert.equal(Math.ceil(await left(cache)), wanted, cache);
    }
    await redis.cli('expire', 'cache:sessions:a', '60');
    await redis.cli('expire', 'cache:responses:a', '60');
    assert.equal(await caches.get('sessions', 'a'), 1);
    assert.equal(await caches.get('responses', 'a'), 1);
    assert.deepEqual([Math.ceil(await left('sessions')), Math.ceil(await left('responses'))], [3, 1]);
  });
});
