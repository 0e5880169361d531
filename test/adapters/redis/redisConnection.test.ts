import assert from 'node:assert/strict';
import { RedisConnection } from '../../../src/adapters/redis/redisConnection.ts';
import { script } from '../../../src/adapters/redis/scripts.ts';
import { freePort, type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../fixtures/redisCluster.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { until } from '../../fixtures/until.ts';
import { failsWith, SECRET } from './failsWith.ts';

describe('a connection to Redis', () => {
  let redis: RedisServer;
  before(async () => {
    redis = await startRedis({ config: { requirepass: SECRET } });
  });
  after(() => redis[Symbol.asyncDispose]());
  const open = (url: string, prefix = '') =>
    new RedisConnection({ ...redisOptions({ url, deadlineMs: 1_000 }), prefix });
  const connected = async () => {
    const list = await redis.cli('client', 'list', 'type', 'normal');
    return list.split('\n').filter(line => line.includes('name=memory-central')).length;
  };

  it('is made at the first question, and is one for all', async () => {
    await using connection = open(redis.url, 'team:');
    assert.equal(await connected(), 0);
    const count = script(connection, 'after', 2);
    const keys = [connection.key('a'), connection.key('b')];
    const replies = await Promise.all([
      connection.ask(client => client.set(connection.key('a'), '1')),
      ...Array.from({ length: 20 }, () => connection.ask(client => client.get('team:none'))),
      count(connection.key('operations'), connection.key('operations:position'), 0, 10),
    ]);
    assert.deepEqual([replies[0], replies[1], replies.at(-1)], ['OK', null, [0, []]]);
    assert.deepEqual(keys, ['team:a', 'team:b']);
    await until(async () => (await connected()) === 1);
  });

  it('ends when it is disposed of', async () => {
    const connection = open(redis.url);
    await connection.ask(client => client.ping());
    await connection[Symbol.asyncDispose]();
    await until(async () => (await connected()) === 0);
    await failsWith(
      connection.ask(client => client.ping()),
      { message: /closed the connection/, fix: /./ },
    );
  });

  it('gives another client for what waits, which is its own', async () => {
    await using connection = open(redis.url);
    const client = connection.newClient(60_000);
    assert.equal(client.status, 'wait');
    await client.connect();
    // Longer than others wait for an answer.
    assert.equal(await client.xread('BLOCK', 1_500, 'STREAMS', 'none', '$'), null);
    client.disconnect();
    assert.equal(await connection.ask(one => one.ping()), 'PONG');
  });

  it('says why there is none, at every question', async () => {
    await using connection = open(redis.url.replace(SECRET, `not-${SECRET}`));
    for (let i = 0; i < 2; i++) {
      await failsWith(
        connection.ask(client => client.ping()),
        { badCredentials: true, message: /refused the password/, fix: /REDIS_PASSWORD/ },
      );
      // It ends without an answer, and does not fail.
      await connection.ask(client => client.pipeline().ping().exec());
    }
  });

  it('is there by itself once Redis is', async () => {
    await using later = await startRedis();
    await using connection = open(later.url);
    await later.kill();
    const ping = () => connection.ask(client => client.ping());
    await failsWith(ping(), { message: /closed the connection|is not (listening|connected)/, fix: /./ });
    await later.restart();
    await until(async () => (await ping()) === 'PONG');
    await later.kill();
    await failsWith(ping(), { message: /closed the connection|is not (listening|connected)/, fix: /./ });
    await later.restart();
    await until(async () => (await ping()) === 'PONG');
  });

  it('is not waited for where nobody listens', async () => {
    await using connection = open(`redis://127.0.0.1:${await freePort()}`);
    await failsWith(
      connection.ask(client => client.ping()),
      { message: /is not listening/, fix: /REDIS_URL/ },
    );
  });
});

describe('a connection to a Cluster', () => {
  let cluster: RedisCluster;
  before(async () => {
    cluster = await startRedisCluster();
  });
  after(() => cluster[Symbol.asyncDispose]());
  const open = (prefix: string) =>
    new RedisConnection({ ...redisOptions({ clusterNodes: cluster.nodes }), prefix });

  it('has all its keys in one slot, that of the prefix where it names one', async () => {
    await using plain = open('team:');
    await using tagged = open('{team}:');
    assert.deepEqual([plain.key('a'), tagged.key('a')], ['{mc}:team:a', '{team}:a']);
  });

  it('takes many questions at once from the start', async () => {
    await using connection = open('');
    const work = Array.from({ length: 100 }, (_, i) => connection.ask(client => client.get(`key ${i}`)));
    assert.deepEqual(new Set(await Promise.all(work)), new Set([null]));
  });
});
