import { connectRedis, type RedisOptions } from '../../../src/adapters/redis/connectRedis.ts';
import { type Certificates, createCertificates } from '../../fixtures/certificates.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { failsWith, SECRET } from './failsWith.ts';

describe('connectRedis with TLS', () => {
  let folders: AsyncDisposable[];
  let ours: Certificates;
  let others: Certificates;
  let redis: RedisServer;
  before(async () => {
    const [one, two] = [await temporaryFolder(), await temporaryFolder()];
    folders = [one, two];
    ours = await createCertificates(one.path);
    others = await createCertificates(two.path);
    redis = await startRedis({ tls: ours, config: { requirepass: SECRET } });
  });
  after(async () => {
    for (const one of [redis, ...folders]) await one[Symbol.asyncDispose]();
  });

  async function connect(options: Partial<RedisOptions>): Promise<void> {
    (await connectRedis(redisOptions(options))).disconnect();
  }

  it('trusts the authority it is given', async () => {
    await connect({ url: redis.url, caFile: ours.ca });
    await connect({ host: '127.0.0.1', port: redis.port, password: SECRET, tls: true, caFile: ours.ca });
  });

  it('trusts no other', async () => {
    const expected = { message: /certificate that cannot be trusted/, fix: /REDIS_CA_FILE/ };
    await failsWith(connect({ url: redis.url, caFile: others.ca }), expected);
    await failsWith(connect({ url: redis.url }), expected);
  });

  it('trusts a certificate only for the host it names', () =>
    failsWith(connect({ url: redis.url.replace('127.0.0.1', 'localhost'), caFile: ours.ca }), {
      message: /certificate that cannot be trusted/,
      fix: /REDIS_CA_FILE/,
    }));

  it('tells an authority that cannot be read', () =>
    failsWith(connect({ url: redis.url, caFile: '/nowhere/ca.pem' }), {
      code: 'invalid_input',
      message: /\/nowhere\/ca\.pem cannot be read/,
      fix: /REDIS_CA_FILE/,
    }));

  it('tells that the port wants TLS', () =>
    failsWith(connect({ url: redis.url.replace('rediss:', 'redis:') }), {
      message: /closed the connection/,
      fix: /TLS port, use rediss:\/\//,
    }));

  it('tells that the port may not speak TLS', async () => {
    await using plain = await startRedis({ config: { requirepass: SECRET } });
    await failsWith(
      connect({ url: plain.url.replace('redis:', 'rediss:'), caFile: ours.ca, deadlineMs: 300 }),
      {
        message: /^rediss:.* does not answer/,
        fix: /speaks no TLS there, use redis:\/\//,
      },
    );
  });
});
