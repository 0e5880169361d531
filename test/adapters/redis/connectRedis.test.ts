import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { connectRedis, type RedisOptions } from '../../../src/adapters/redis/connectRedis.ts';
import { translateRedis } from '../../../src/adapters/redis/redisError.ts';
import { freePort, type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { failsWith, SECRET } from './failsWith.ts';

const ODD_PASSWORD = `${SECRET} /#?@:%41ü`;
const ENV = { host: '127.0.0.1', password: SECRET };

describe('connectRedis', () => {
  let redis: RedisServer;
  before(async () => {
    redis = await startRedis({ config: { requirepass: SECRET } });
    await redis.cli('acl', 'setuser', 'odd', 'on', `>${ODD_PASSWORD}`, '~*', '&*', '+@all');
    await redis.cli('acl', 'setuser', 'reader', 'on', `>${SECRET}`, '~*', '+ping', '+get');
    await redis.cli('acl', 'setuser', 'guest', 'on', `>${SECRET}`, '~guest:*', '+@all');
  });
  after(() => redis[Symbol.asyncDispose]());

  /** What the server says of the connection. */
  async function connected(options: Partial<RedisOptions>): Promise<string> {
    const client = await connectRedis(redisOptions(options));
    try {
      return `${await client.client('INFO')}`;
    } finally {
      client.disconnect();
    }
  }

  const at = (credentials: string, path = '') => `redis://${credentials}127.0.0.1:${redis.port}${path}`;

  it('takes an address with a password', async () => {
    const info = await connected({ url: redis.url });
    assert.match(info, /db=0 .*user=default/);
    assert.match(info, /name=memory-central/);
  });

  it('takes host, port, database and password one by one', async () => {
    assert.match(await connected({ ...ENV, port: redis.port, db: 4 }), /db=4 .*user=default/);
  });

  it('takes user and database from the address, and from the options what it does not say', async () => {
    assert.match(
      await connected({ url: at(`odd:${encodeURIComponent(ODD_PASSWORD)}@`, '/3'), db: 4 }),
      /db=3 .*user=odd/,
    );
    assert.match(
      await connected({ url: at(''), username: 'odd', password: ODD_PASSWORD, db: 4 }),
      /db=4 .*user=odd/,
    );
  });

  it('needs no password where none is wanted', async () => {
    await using open = await startRedis();
    assert.match(await connected({ url: open.url }), /user=default/);
  });

  for (const url of [
    `http://:${SECRET}@127.0.0.1:6379`,
    `redis://:${SECRET}@127.0.0.1:99999`,
    `redis://:${SECRET}/x@127.0.0.1`,
    `redis://:${SECRET}@127.0.0.1/memories`,
    `redis://:${SECRET}@127.0.0.1/0?family=6`,
    `redis://`,
    `127.0.0.1:6379`,
  ]) {
    it(`refuses the address ${url.replace(SECRET, '…')}`, () =>
      failsWith(connected({ url }), {
        code: 'invalid_input',
        message: /^REDIS_URL is no Redis address\.$/,
        fix: /redis:\/\/user:password@host:6379\/0/,
      }));
  }

  it('tells a wrong password', () =>
    failsWith(connected({ url: at(`:not-${SECRET}@`) }), {
      badCredentials: true,
      message: /^redis:\/\/127\.0\.0\.1:\d+\/0 refused the password\.$/,
      fix: /Correct REDIS_PASSWORD/,
    }));

  it('tells an unknown user', () =>
    failsWith(connected({ url: at(`nobody:${SECRET}@`) }), {
      badCredentials: true,
      message: /refused the password/,
      fix: /REDIS_USERNAME/,
    }));

  it('tells that a password is wanted', () =>
    failsWith(connected({ url: at('') }), {
      badCredentials: true,
      message: /wants a password/,
      fix: /Set REDIS_PASSWORD/,
    }));

  it('tells a database that is not there, and uses no other', () =>
    failsWith(connected({ url: redis.url, db: 99 }), { message: /has no such database/, fix: /REDIS_DB/ }));

  it('tells which command a user may not run', async () => {
    const client = await connectRedis(redisOptions({ url: at(`reader:${SECRET}@`) }));
    const work = client.set('key', SECRET).catch(error => Promise.reject(translateRedis(error, 'redis')));
    await failsWith(work, { message: /does not let this user run SET/, fix: /ACL SETUSER <user> \+set/ });
    client.disconnect();
  });

  it('tells that a user may not touch our keys', async () => {
    const client = await connectRedis(redisOptions({ url: at(`guest:${SECRET}@`) }));
    await client.set('guest:key', '1');
    const work = client.set('key', SECRET).catch(error => Promise.reject(translateRedis(error, 'redis')));
    await failsWith(work, { message: /does not let this user touch our keys/, fix: /REDIS_PREFIX/ });
    client.disconnect();
  });

  it('does not repeat what Redis did not understand', async () => {
    const client = await connectRedis(redisOptions({ url: redis.url }));
    const work = client
      .call('NONSENSE', SECRET)
      .catch(error => Promise.reject(translateRedis(error, 'redis')));
    await failsWith(work, { message: /does not know a command/, fix: /Redis 7/ });
    client.disconnect();
  });

  it('leaves a mistake of ours what it is, without its arguments', async () => {
    const client = await connectRedis(redisOptions({ url: redis.url }));
    const error = translateRedis(await client.call('SET', SECRET).catch(error => error), 'redis');
    assert.deepEqual(error, new Error("ERR wrong number of arguments for 'set' command"));
    client.disconnect();
  });

  it('tells that nothing is listening', async () =>
    failsWith(connected({ ...ENV, port: await freePort() }), {
      message: /is not listening there/,
      fix: /Start it/,
    }));

  it('tells an unknown host', () =>
    failsWith(connected({ url: `redis://:${SECRET}@redis.invalid` }), {
      message: /has an unknown name/,
      fix: /Correct the host/,
    }));

  it('gives up on a server that accepts and never answers', async () => {
    await using silent = await listen(() => {});
    const options = { ...ENV, port: silent.port, deadlineMs: 300 };
    await failsWith(connected(options), { message: /does not answer/, fix: /See that it runs/ });
    await failsWith(connected({ ...options, tls: true }), {
      message: /does not answer/,
      fix: /use redis:\/\//,
    });
  });

  it('tells a server that is no Redis', async () => {
    await using web = await listen(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await failsWith(connected({ ...ENV, port: web.port }), {
      message: /is no Redis/,
      fix: /Correct the port/,
    });
  });

  it('tells that too many are connected', async () => {
    await using small = await startRedis({ config: { maxclients: '1' } });
    const first = await connectRedis(redisOptions({ url: small.url }));
    // Redis says so and closes at once: what it said is lost where the client was just writing.
    await failsWith(connected({ url: small.url }), {
      message: /takes no more connections|closed the connection/,
      fix: /maxclients/,
    });
    first.disconnect();
  });
});

async function listen(
  onSocket: (socket: Socket) => void,
): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const port = await freePort();
  const server = createServer(socket => {
    sockets.add(socket.on('error', () => {}));
    onSocket(socket);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
