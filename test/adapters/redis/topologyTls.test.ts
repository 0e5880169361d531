import assert from 'node:assert/strict';
import { connectRedis, type RedisOptions } from '../../../src/adapters/redis/connectRedis.ts';
import { RedisConnection } from '../../../src/adapters/redis/redisConnection.ts';
import { type Certificates, createCertificates } from '../../fixtures/certificates.ts';
import { startRedisCluster } from '../../fixtures/redisCluster.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { startRedisSentinels } from '../../fixtures/redisSentinels.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { failsWith, SECRET } from './failsWith.ts';

const WATCH = `${SECRET}-of-the-watch`;
const UNTRUSTED = { message: /certificate that cannot be trusted/, fix: /REDIS_CA_FILE/ };

describe('TLS where several servers are named', function () {
  this.timeout(60_000);
  let folders: AsyncDisposable[];
  let ours: Certificates;
  let others: Certificates;
  before(async () => {
    const [one, two] = [await temporaryFolder(), await temporaryFolder()];
    folders = [one, two];
    ours = await createCertificates(one.path);
    others = await createCertificates(two.path);
  });
  after(async () => {
    for (const one of folders) await one[Symbol.asyncDispose]();
  });

  async function connect(options: Partial<RedisOptions>): Promise<void> {
    const client = await connectRedis(redisOptions(options));
    assert.equal(await client.set('key', 'value'), 'OK');
    assert.equal(await client.get('key'), 'value');
    client.disconnect();
  }

  /** As the store connects. */
  async function ask(options: Partial<RedisOptions>): Promise<void> {
    await using connection = new RedisConnection({ ...redisOptions(options), prefix: '' });
    assert.equal(await connection.ask(client => client.ping()), 'PONG');
  }

  it('goes through Sentinels to the primary, and trusts the given authority only', async () => {
    await using group = await startRedisSentinels(SECRET, { sentinelPassword: WATCH, tls: ours });
    const { sentinels, name: sentinelName } = group;
    const at = { sentinels, sentinelName, password: SECRET, sentinelPassword: WATCH };
    for (const use of [connect, ask]) {
      await use({ ...at, caFile: ours.ca });
      await failsWith(use({ ...at, caFile: others.ca }), UNTRUSTED);
      await failsWith(use({ ...at, tls: true }), UNTRUSTED);
      await failsWith(use(at), { message: /no Sentinel answers/, fix: /set REDIS_TLS where they want TLS/ });
    }
  });

  it('goes to each node of a Cluster, and trusts the given authority only', async () => {
    await using cluster = await startRedisCluster(SECRET, ours);
    const at = { clusterNodes: cluster.nodes, password: SECRET };
    for (const use of [connect, ask]) {
      await use({ ...at, caFile: ours.ca });
      await failsWith(use({ ...at, caFile: others.ca }), UNTRUSTED);
      await failsWith(use({ ...at, tls: true }), UNTRUSTED);
      await failsWith(use(at), { message: /^redis cluster /, fix: /set REDIS_TLS/ });
    }
  });

  it('is not spoken by Sentinels that speak none', async () => {
    await using group = await startRedisSentinels();
    const { sentinels, name: sentinelName } = group;
    await failsWith(connect({ sentinels, sentinelName, caFile: ours.ca, deadlineMs: 500 }), {
      message: /no Sentinel answers/,
      fix: /set REDIS_TLS where they want TLS, and only there/,
    });
  });
});
