import assert from 'node:assert/strict';
import {
  connectRedis,
  type RedisClient,
  type RedisOptions,
} from '../../../src/adapters/redis/connectRedis.ts';
import { translateRedis } from '../../../src/adapters/redis/redisError.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { until } from '../../fixtures/until.ts';
import { failsWith, SECRET } from './failsWith.ts';

/** Far longer than a test may take: what ends does not wait for it. */
const AN_HOUR = '3600000';

describe('a connection to Redis', () => {
  let redis: RedisServer;
  let client: RedisClient;
  beforeEach(async () => {
    redis = await startRedis({ config: { requirepass: SECRET } });
    client = await connect({});
  });
  afterEach(async () => {
    client.disconnect();
    await redis[Symbol.asyncDispose]();
  });

  const connect = (options: Partial<RedisOptions>) =>
    connectRedis(redisOptions({ url: redis.url, deadlineMs: 500, ...options }));
  const asked = (work: Promise<unknown>) =>
    work.catch(error => Promise.reject(translateRedis(error, 'redis://127.0.0.1')));

  it('comes back by itself when the server was restarted', async () => {
    await client.set('key', 'kept');
    await redis.restart();
    await until(async () => (await client.get('key')) === 'kept');
  });

  it('fails at once while the server is away, and comes back with it', async () => {
    await client.set('key', 'kept');
    await redis.kill();
    await failsWith(asked(client.get('key')), { message: /closed the connection|not connected/, fix: /./ });
    await until(() => client.status === 'reconnecting');
    await failsWith(asked(client.get('key')), {
      message: /is not connected at the moment/,
      fix: /tried again by itself/,
    });
    await redis.restart();
    await until(async () => (await client.get('key')) === 'kept');
  });

  it('comes back by itself when an operator killed it', async () => {
    await redis.cli('client', 'kill', 'type', 'normal');
    await until(async () => (await client.ping()) === 'PONG');
    assert.match(String(await client.client('INFO')), /name=memory-central/);
  });

  it('ends a call that is not answered within the deadline, and serves the next when the server is back', async () => {
    await redis.cli('client', 'pause', AN_HOUR, 'ALL');
    await failsWith(asked(client.set('key', SECRET)), {
      message: /does not answer/,
      fix: /See that it runs/,
    });
    await failsWith(connect({}), { message: /does not answer/, fix: /See that it runs/ });
    await redis.restart();
    await until(async () => (await client.ping()) === 'PONG');
  });

  it('sends nothing twice', async () => {
    await redis.cli('client', 'pause', AN_HOUR, 'WRITE');
    const work = failsWith(asked(client.incr('count')), { message: /closed the connection/, fix: /./ });
    await until(async () => /cmd=incr/.test(await redis.cli('client', 'list')));
    await redis.cli('client', 'kill', 'type', 'normal', 'skipme', 'yes');
    await work;
    await redis.cli('client', 'unpause');
    await until(async () => (await client.ping()) === 'PONG');
    assert.equal(await client.get('count'), null);
  });

  it('writes into no other database when it may no longer choose its own', async () => {
    await redis.cli('acl', 'setuser', 'guest', 'on', `>${SECRET}`, '~*', '&*', '+@all');
    const url = redis.url.replace('://:', '://guest:');
    const guest = await connect({ url, db: 3 });
    await redis.cli('acl', 'setuser', 'guest', '-select');
    await redis.cli('client', 'kill', 'user', 'guest');
    for (let attempts = 0; attempts < 3; attempts++) {
      for (const event of ['connect', 'reconnecting']) {
        await new Promise<void>(resolve => guest.once(event, resolve));
        await assert.rejects(guest.set('key', 'value'));
      }
    }
    await failsWith(connect({ url, db: 3 }), {
      message: /does not let this user run SELECT/,
      fix: /\+select/,
    });
    assert.equal(await redis.cli('dbsize'), '0');
    await redis.cli('acl', 'setuser', 'guest', '+select');
    await until(async () => (await guest.set('key', 'value')) === 'OK');
    assert.equal(await redis.cli('-n', '3', 'get', 'key'), 'value');
    guest.disconnect();
  });
});
