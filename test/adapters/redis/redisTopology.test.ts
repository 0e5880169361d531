import assert from 'node:assert/strict';
import { connectRedis, type RedisOptions } from '../../../src/adapters/redis/connectRedis.ts';
import { translateRedis } from '../../../src/adapters/redis/redisError.ts';
import { freePort, startRedis } from '../../fixtures/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../fixtures/redisCluster.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { type RedisSentinels, startRedisSentinels } from '../../fixtures/redisSentinels.ts';
import { until } from '../../fixtures/until.ts';
import { failsWith, SECRET } from './failsWith.ts';

async function connect(options: Partial<RedisOptions>): Promise<void> {
  (await connectRedis(redisOptions(options))).disconnect();
}

describe('connectRedis by Sentinels', () => {
  let group: RedisSentinels;
  let at: Pick<RedisOptions, 'sentinels' | 'sentinelName' | 'password'>;
  before(async () => {
    group = await startRedisSentinels(SECRET);
    at = { sentinels: group.sentinels, sentinelName: group.name, password: SECRET };
  });
  after(() => group[Symbol.asyncDispose]());

  it('asks the next Sentinel where one is dead', async () => {
    await connect({ ...at, sentinels: [`127.0.0.1:${await freePort()}`, ...group.sentinels] });
  });

  it('tells a wrong password', () =>
    failsWith(connect({ ...at, password: `not-${SECRET}` }), {
      badCredentials: true,
      message: /^redis memories by sentinels .* refused the password/,
      fix: /REDIS_PASSWORD/,
    }));

  it('tells a name that they do not know', () =>
    failsWith(connect({ ...at, sentinelName: 'other', deadlineMs: 500 }), {
      message: /^redis other by sentinels .* is a name that the Sentinels do not know/,
      fix: /REDIS_SENTINEL_NAME/,
    }));

  it('tells that no Sentinel answers', async () =>
    failsWith(connect({ ...at, sentinels: [`127.0.0.1:${await freePort()}`], deadlineMs: 500 }), {
      message: /no Sentinel answers/,
      fix: /REDIS_SENTINELS/,
    }));

  it('refuses what is no host:port', () =>
    failsWith(connect({ ...at, sentinels: ['somewhere'] }), {
      code: 'invalid_input',
      message: /"somewhere" is no host:port/,
      fix: /host:port/,
    }));

  it('goes to the new primary after a failover', async () => {
    const client = await connectRedis(redisOptions(at));
    await client.set('key', 'before');
    await client.wait(1, 0);
    await group.primary.kill();
    await until(async () => (await client.set('later', 'after')) === 'OK');
    assert.equal(await client.get('key'), 'before');
    assert.equal(await group.replica.cli('get', 'later'), 'after');
    client.disconnect();
  });
});

describe('connectRedis to a Cluster', () => {
  let cluster: RedisCluster;
  let at: Pick<RedisOptions, 'clusterNodes' | 'password'>;
  before(async () => {
    cluster = await startRedisCluster(SECRET);
    at = { clusterNodes: cluster.nodes, password: SECRET };
  });
  after(() => cluster[Symbol.asyncDispose]());

  it('takes many commands at once from the start', async () => {
    for (let round = 0; round < 5; round++) {
      const client = await connectRedis(redisOptions(at));
      const work = Array.from({ length: 100 }, (_, i) => client.get(`key ${i}`));
      assert.deepEqual(new Set(await Promise.all(work)), new Set([null]));
      client.disconnect();
    }
  });

  it('finds every node by one, and each key on its own', async () => {
    const client = await connectRedis(redisOptions({ ...at, clusterNodes: cluster.nodes.slice(0, 1) }));
    for (let i = 0; i < 30; i++) await client.set(`key ${i}`, `${i}`);
    const counts = await Promise.all(cluster.primaries.map(node => node.cli('dbsize')));
    assert.ok(
      !counts.includes('0') && counts.reduce((sum, count) => sum + Number(count), 0) === 30,
      `${counts}`,
    );
    assert.equal(await client.get('key 7'), '7');
    await Promise.all(cluster.primaries.map(node => node.cli('flushall')));
    client.disconnect();
  });

  it('tells a wrong password, and one that is missing', async () => {
    await failsWith(connect({ ...at, password: `not-${SECRET}` }), {
      badCredentials: true,
      message: /^redis cluster .* refused the password/,
      fix: /REDIS_PASSWORD/,
    });
    await failsWith(connect({ ...at, password: '' }), {
      badCredentials: true,
      message: /wants a password/,
      fix: /REDIS_PASSWORD/,
    });
  });

  it('tells that no node answers', async () =>
    failsWith(connect({ ...at, clusterNodes: [`127.0.0.1:${await freePort()}`] }), {
      message: /none of these nodes answers/,
      fix: /REDIS_CLUSTER/,
    }));

  it('refuses a numbered database', () =>
    failsWith(connect({ ...at, db: 1 }), {
      code: 'invalid_input',
      message: /database 0 only/,
      fix: /REDIS_DB/,
    }));

  it('tells a server that is no Cluster', async () => {
    await using plain = await startRedis();
    await failsWith(connect({ clusterNodes: [`127.0.0.1:${plain.port}`] }), {
      message: /is no Cluster/,
      fix: /REDIS_URL/,
    });
  });

  it('tells that the address is a node of a Cluster', async () => {
    const [{ url }] = cluster.primaries as [(typeof cluster.primaries)[0]];
    const client = await connectRedis(redisOptions({ url }));
    // Of these three keys each primary has one.
    const work = Promise.all(['a', 'b', 'c'].map(key => client.set(key, SECRET)));
    await failsWith(
      work.catch(error => Promise.reject(translateRedis(error, 'redis'))),
      { message: /is a node of a Cluster/, fix: /REDIS_CLUSTER/ },
    );
    client.disconnect();
  });

  it('goes on when a primary is replaced by its replica', async () => {
    const client = await connectRedis(redisOptions({ ...at, deadlineMs: 500 }));
    // Of these keys the first primary has one.
    const slots = await Promise.all(['a', 'b', 'c'].map(key => client.cluster('KEYSLOT', key)));
    const key = ['a', 'b', 'c'][slots.findIndex(slot => slot < 16_384 / 3)]!;
    await client.set(key, 'before');
    await until(async () => (await cluster.replicas[0]!.cli('dbsize')) === '1');
    await cluster.primaries[0]!.kill();
    await failsWith(
      client.set(key, SECRET).catch(error => Promise.reject(translateRedis(error, 'redis'))),
      { message: /./, fix: /./ },
    );
    await until(async () => (await client.get(key)) === 'before');
    await client.set(key, 'after');
    assert.match(await cluster.replicas[0]!.cli('role'), /^master/);
    client.disconnect();
  });
});
