import assert from 'node:assert/strict';
import { cacheStoreContract } from '../../contract/cacheStore.contract.ts';
import { onEachRedis } from '../../fixtures/onEachRedis.ts';
import { openRedisCache } from '../../fixtures/openCaches.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';

describe('caches on plain Redis', () => {
  let redis: RedisServer;
  let prefixes = 0;

  before(async () => {
    redis = await startRedis();
  });

  after(async () => {
    await redis[Symbol.asyncDispose]();
  });

  // Signs of a pattern among it: a prefix is meant literally.
  cacheStoreContract('plain Redis', () =>
    openRedisCache(redisOptions({ url: redis.url }), `[c${prefixes++}]*:`),
  );

  // After the contract, since what it called counts.
  describe('as a whole', () => {
    it('keep Redis from looking at all keys at once, and from freeing them while others wait', async () => {
      const calls = await redis.cli('info', 'commandstats');
      for (const command of ['scan', 'unlink']) assert.match(calls, new RegExp(`cmdstat_${command}:calls`));
      assert.doesNotMatch(calls, /cmdstat_(keys|del|flushdb|flushall):calls/);
    });

    it('take what is tagged for forgotten where the set of its tag was evicted', async () => {
      await using opened = await openRedisCache(redisOptions({ url: redis.url }), 'evicted:');
      const { cache } = opened;
      const put = (key: string, tags: readonly string[]) =>
        cache.put('models', key, Uint8Array.of(0xc1, 7), { ttlMs: 60_000, tags });
      await put('tagged', ['one', 'two']);
      await put('plain', []);
      assert.deepEqual([...(await cache.get('models', 'tagged'))!], [0xc1, 7]);
      await redis.cli('unlink', 'evicted:cache-tag:two');
      assert.equal(await cache.get('models', 'tagged'), undefined);
      assert.deepEqual([...(await cache.get('models', 'plain'))!], [0xc1, 7]);
      await put('tagged', ['one', 'two']);
      assert.ok(await cache.get('models', 'tagged'));
    });

    it('leave the keys of others alone', async () => {
      const prefix = 'mine:';
      await using opened = await openRedisCache(redisOptions({ url: redis.url }), prefix);
      const others = ['cache:models:a', 'mine:memory:a', 'mine:cache', 'mine:cachex:models:a'];
      for (const key of others) await redis.cli('set', key, 'theirs');
      await opened.cache.put('models', 'a', Uint8Array.of(1), { ttlMs: 60_000, tags: ['t'] });
      assert.equal(await opened.cache.forget({}), 1);
      for (const key of others) assert.equal(await redis.cli('get', key), 'theirs');
    });
  });
});

onEachRedis('caches', (kind, place) => cacheStoreContract(kind, () => openRedisCache(...place())), [
  'a Redis Cluster',
]);
