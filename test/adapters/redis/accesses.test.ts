import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openRedisCentralLog } from '../../../src/adapters/redis/redisCentralLog.ts';
import { RedisConnection } from '../../../src/adapters/redis/redisConnection.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { AccessSharer } from '../../../src/engine/central/accessSharer.ts';
import { Synchroniser } from '../../../src/engine/central/synchroniser.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { silent } from '../../fixtures/logger.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

describe('accesses of several machines', () => {
  it('are counted together, from what was known at the beginning', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await using one = await open(join(folder.path, 'one.db'), redis);
    await using two = await open(join(folder.path, 'two.db'), redis);
    await one.insert(['a', 'a:versions'], 5);
    await one.insert(['b'], 0);
    await two.catchUp();
    await one.use('a', 100);
    await one.use('a', 300);
    await two.use('a', 200);
    await two.use('b', 400);
    await two.use('a:versions', 500);
    await one.share();
    await two.share();
    await one.share();
    for (const machine of [one, two]) {
      assert.deepEqual(await machine.accesses('a'), { count: 8, at: 300 });
      assert.deepEqual(await machine.accesses('b'), { count: 1, at: 400 });
      assert.deepEqual(await machine.accesses('a:versions'), { count: 6, at: 500 });
    }
  });

  it('wait while Redis is away, over a restart too, and through changes of the memory', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    const path = join(folder.path, 'one.db');
    await using two = await open(join(folder.path, 'two.db'), redis);
    {
      await using one = await open(path, redis);
      await one.insert(['a'], 0);
      await two.catchUp();
      await redis.kill();
      await one.use('a', 100);
      await assert.rejects(one.share(), { code: 'unavailable' });
      await one.use('a', 200);
    }
    await redis.restart();
    await using one = await open(path, redis);
    await one.change('a');
    await one.share();
    // Its connection is made anew by itself.
    await until(() =>
      two.share().then(
        () => true,
        () => false,
      ),
    );
    await one.share();
    for (const machine of [one, two]) assert.deepEqual(await machine.accesses('a'), { count: 2, at: 200 });
  });

  it('of many memories come some at a time', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await using one = await open(join(folder.path, 'one.db'), redis);
    await using two = await open(join(folder.path, 'two.db'), redis);
    const ids = Array.from({ length: 1_100 }, (_, i) => `m${i}`);
    await one.insert(ids, 0);
    await two.catchUp();
    for (const id of ids) await one.use(id, 100);
    await one.share();
    await two.share();
    for (const id of ['m0', 'm600', 'm1099']) assert.deepEqual(await two.accesses(id), { count: 1, at: 100 });
  });
});

async function open(path: string, redis: RedisServer) {
  const clock = { now: () => 1 };
  const local = await openEmbeddedStore({ path, clock, identity, sealer, logger: silent });
  const options = redisOptions({ url: redis.url, deadlineMs: 2_000 });
  const connection = new RedisConnection({ ...options, prefix: '' });
  const log = openRedisCentralLog({ connection, newId: identity.newId, logger: silent });
  const sharer = new AccessSharer(log, local.replica, silent);
  const synchroniser = new Synchroniser(log, local.replica, silent, 10_000);
  return {
    insert: (ids: readonly string[], accessCount: number) =>
      synchroniser.change(store => {
        const times = { updatedAt: 1, accessedAt: 1 };
        const restored = { owner: claude.principal.id, version: 1, ...times, accessCount, versions: [] };
        return store.insert(
          ids.map(id => draft(`note ${id}`, { id, restored })),
          claude,
        );
      }),
    change: (id: string) => synchroniser.change(store => store.update(id, { tags: ['t'] }, claude)),
    use: (id: string, at: number) => local.memories.touch([id], at),
    catchUp: () => synchroniser.catchUp(),
    share: () => sharer.share(),
    async accesses(id: string) {
      const [memory] = await local.memories.get([id], viewerOf(claude));
      return { count: memory?.accessCount, at: memory?.accessedAt };
    },
    async [Symbol.asyncDispose]() {
      sharer[Symbol.dispose]();
      log[Symbol.dispose]();
      await connection[Symbol.asyncDispose]();
      await local[Symbol.asyncDispose]();
    },
  };
}
