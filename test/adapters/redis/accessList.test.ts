import assert from 'node:assert/strict';
import { join } from 'node:path';
import { connectRedis, type RedisOptions } from '../../../src/adapters/redis/connectRedis.ts';
import { inspectRedis } from '../../../src/adapters/redis/inspectRedis.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import { cacheStoreContract } from '../../contract/cacheStore.contract.ts';
import { recordsContract } from '../../contract/records.contract.ts';
import { storeContract } from '../../contract/store.contract.ts';
import { tasksContract } from '../../contract/tasks.contract.ts';
import { workContract } from '../../contract/work.contract.ts';
import { listed } from '../../fixtures/accessList.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { openMachine, settled } from '../../fixtures/machine.ts';
import { openRedisCache } from '../../fixtures/openCaches.ts';
import { openRedisRecords } from '../../fixtures/openRedisRecords.ts';
import { openRedisTasks } from '../../fixtures/openRedisTasks.ts';
import { openRedisWork } from '../../fixtures/openRedisWork.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { startRedisCluster } from '../../fixtures/redisCluster.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { startRedisSentinels } from '../../fixtures/redisSentinels.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { SECRET } from './failsWith.ts';

const USER = 'memory-central';
const MODEL = 'a model';

/** A user that may do this and nothing else. */
async function allow(servers: readonly RedisServer[], commands: readonly string[]): Promise<void> {
  const rules = ['reset', 'on', `>${SECRET}`, '~*', '&*', ...commands];
  for (const server of servers) await server.cli('acl', 'setuser', USER, ...rules);
}

/** Commands that were called, of these; a subcommand counts for itself. */
async function called(server: RedisServer, commands: readonly string[]): Promise<string[]> {
  const stats = await server.cli('info', 'commandstats');
  return commands.filter(command => stats.includes(`cmdstat_${command.slice(1)}:calls=`));
}

describe('the access list of docs/operations.md', function () {
  this.timeout(60_000);
  let redis: RedisServer;
  let prefixes = 0;
  const user = { username: USER, password: SECRET };
  const options = (more: Partial<RedisOptions> = {}) =>
    redisOptions({ url: `redis://127.0.0.1:${redis.port}`, ...user, ...more });

  before(async () => {
    redis = await startRedis();
    await allow([redis], await listed('everybody'));
  });
  after(() => redis[Symbol.asyncDispose]());

  storeContract('the central store of a user who may do what is listed', async now => {
    const folder = await temporaryFolder();
    const store = await openMachine({
      path: join(folder.path, 'replica.db'),
      port: redis.port,
      redis: user,
      prefix: `m${prefixes++}:`,
      now: () => now.ms,
    });
    return Object.assign(store, {});
  });
  recordsContract('Redis, for a user who may do what is listed,', () => {
    const prefix = `r${prefixes++}:`;
    return openRedisRecords(options(), prefix, redisOptions({ url: redis.url }));
  });
  workContract('Redis, for a user who may do what is listed,', () => {
    const prefix = `w${prefixes++}:`;
    return openRedisWork(options(), prefix, redisOptions({ url: redis.url }));
  });
  tasksContract('Redis, for a user who may do what is listed,', () => {
    const prefix = `t${prefixes++}:`;
    return openRedisTasks(options(), prefix, redisOptions({ url: redis.url }));
  });
  cacheStoreContract('Redis, for a user who may do what is listed,', () => {
    const prefix = `c${prefixes++}:`;
    return openRedisCache(options(), prefix, redisOptions({ url: redis.url }));
  });

  // After the contracts, since what these called counts.
  describe('as a whole', () => {
    it('lets a machine that was away long start from the memories as they are, with their vectors', async () => {
      await using folder = await temporaryFolder();
      const at = { port: redis.port, redis: user, prefix: 'long:', keptEntries: 5 };
      await using one = await openMachine({ ...at, path: join(folder.path, 'one.db') });
      for (let i = 0; i < 300; i++) await one.memories.insert([draft(`memory ${i}`, { id: `${i}` })], claude);
      const pending = await one.embeddings.pending(MODEL, 10);
      const vector = Float32Array.from({ length: 4 }, () => 0.5);
      await one.embeddings.put(
        MODEL,
        4,
        pending.map(({ num, contentHash }) => ({ num, contentHash, vector })),
      );
      await using two = await openMachine({ ...at, path: join(folder.path, 'two.db') });
      assert.equal((await two.memories.counts({}, viewerOf(claude))).total, 300);
      await two.embeddings.pending(MODEL, 300);
      assert.deepEqual(
        (await two.embeddings.models()).map(({ count }) => count),
        [10],
      );
    });

    it('names nothing that is not needed, and leaves nothing out', async () => {
      const commands = await listed('everybody');
      (await connectRedis(options())).disconnect();
      assert.deepEqual(await called(redis, commands), commands);
      assert.equal(await redis.cli('acl', 'log'), '');
    });

    it('lets doctor look', async () => {
      const more = await listed('doctor');
      await allow([redis], [...(await listed('everybody')), ...more]);
      assert.deepEqual((await inspectRedis(options())).problems, []);
      assert.deepEqual(await called(redis, more), more);
      assert.equal(await redis.cli('acl', 'log'), '');
    });

    it('lets a user into a numbered database', async () => {
      await using folder = await temporaryFolder();
      await allow([redis], [...(await listed('everybody')), ...(await listed('database'))]);
      await stores(join(folder.path, 'replica.db'), { url: `redis://127.0.0.1:${redis.port}/3`, ...user });
      assert.match(await redis.cli('info', 'keyspace'), /db3:keys=/);
      assert.equal(await redis.cli('acl', 'log'), '');
    });

    it('is enough behind Sentinels', async () => {
      await using folder = await temporaryFolder();
      await using group = await startRedisSentinels();
      const servers = [group.primary, group.replica];
      const more = await listed('sentinels');
      await allow(servers, [...(await listed('everybody')), ...more]);
      await stores(join(folder.path, 'replica.db'), {
        sentinels: group.sentinels,
        sentinelName: group.name,
        ...user,
      });
      assert.deepEqual(await called(group.primary, more), more);
      for (const server of servers) assert.equal(await server.cli('acl', 'log'), '');
    });

    it('is enough on a Cluster', async () => {
      await using folder = await temporaryFolder();
      await using cluster = await startRedisCluster();
      const servers = [...cluster.primaries, ...cluster.replicas];
      const more = await listed('cluster');
      await allow(servers, [...(await listed('everybody')), ...more]);
      await stores(join(folder.path, 'replica.db'), { clusterNodes: cluster.nodes, ...user });
      for (const server of servers) assert.equal(await server.cli('acl', 'log'), '');
      // The client asks any node, a replica too, where the slots are.
      const by = await Promise.all(servers.map(server => called(server, more)));
      assert.deepEqual(new Set(by.flat()), new Set(more));
    });
  });
});

/** One change, taken by Redis. */
async function stores(path: string, redis: Partial<RedisOptions>): Promise<void> {
  await using machine = await openMachine({ path, redis });
  await machine.memories.insert([draft('allowed')], claude);
  await settled(machine);
  assert.equal((await machine.report()).central?.problem, undefined);
}
