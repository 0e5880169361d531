import assert from 'node:assert/strict';
import { connectRedis, type RedisOptions } from '../../../src/adapters/redis/connectRedis.ts';
import { RedisConnection } from '../../../src/adapters/redis/redisConnection.ts';
import { listed } from '../../fixtures/accessList.ts';
import { freePort } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { type RedisSentinels, startRedisSentinels } from '../../fixtures/redisSentinels.ts';
import { failsWith, SECRET } from './failsWith.ts';

const WATCH = `${SECRET}-of-the-watch`;

async function connect(options: Partial<RedisOptions>): Promise<void> {
  const client = await connectRedis(redisOptions(options));
  assert.equal(await client.ping(), 'PONG');
  client.disconnect();
}

describe('connectRedis by Sentinels with a password of their own', () => {
  let group: RedisSentinels;
  let at: Partial<RedisOptions>;
  before(async () => {
    group = await startRedisSentinels(SECRET, { sentinelPassword: WATCH });
    at = { sentinels: group.sentinels, sentinelName: group.name, password: SECRET };
  });
  after(() => group[Symbol.asyncDispose]());
  const allow = (...rules: string[]) =>
    Promise.all(group.watchers.map(one => one.cli('acl', 'setuser', 'app', 'reset', ...rules)));

  it('takes it beside that of the primary', () => connect({ ...at, sentinelPassword: WATCH }));

  it('tells that they want one, and that they refuse one', async () => {
    await failsWith(connect(at), {
      badCredentials: true,
      message: /^redis memories by sentinels .* has Sentinels that want a password/,
      fix: /Set REDIS_SENTINEL_PASSWORD/,
    });
    await failsWith(connect({ ...at, sentinelPassword: SECRET }), {
      badCredentials: true,
      message: /has Sentinels that refused the password/,
      fix: /Correct REDIS_SENTINEL_PASSWORD/,
    });
  });

  it('tells that it is the primary which refused the password', () =>
    failsWith(connect({ ...at, sentinelPassword: WATCH, password: WATCH }), {
      badCredentials: true,
      message: /sentinels [\d.:, ]+ refused the password/,
      fix: /Correct REDIS_PASSWORD/,
    }));

  it('needs a user that may ask where the primary is, and no more', async () => {
    const user = { ...at, sentinelUsername: 'app', sentinelPassword: WATCH };
    const needed = await listed('watch');
    await allow('on', `>${WATCH}`, ...needed);
    await connect(user);
    for (const command of ['sentinel|get-master-addr-by-name', 'sentinel|sentinels']) {
      await allow('on', `>${WATCH}`, ...needed.filter(one => one !== `+${command}`));
      await failsWith(connect(user), {
        message: new RegExp(`do not let this user run ${command.toUpperCase().replace('|', ' ')}\\.`),
        fix: new RegExp(`ACL SETUSER <user> \\+${command.replace('|', '\\|')}$`),
      });
    }
  });
});

describe('a connection by Sentinels that are all dead', () => {
  it('fails within its deadline, at each question', async () => {
    const sentinels = [`127.0.0.1:${await freePort()}`];
    const options = { ...redisOptions({ sentinels, sentinelName: 'memories' }), prefix: '' };
    await using connection = new RedisConnection(options);
    for (let i = 0; i < 2; i++)
      await failsWith(
        connection.ask(client => client.ping()),
        { message: /no Sentinel answers/, fix: /REDIS_SENTINELS/ },
      );
  });
});
