import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RedisOptions } from '../../../src/adapters/redis/connectRedis.ts';
import { inspectRedis } from '../../../src/adapters/redis/inspectRedis.ts';
import { type RedisProblem, redisProblems } from '../../../src/adapters/redis/redisProblems.ts';
import { createCertificates } from '../../fixtures/certificates.ts';
import { freePort, type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { startRedisCluster } from '../../fixtures/redisCluster.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { startRedisSentinels } from '../../fixtures/redisSentinels.ts';
import { startRedisWithSearch } from '../../fixtures/redisWithSearch.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { failsWith, SECRET } from './failsWith.ts';

const inspect = (options: Partial<RedisOptions>) => inspectRedis(redisOptions(options));

/** Runs a command as the person would who was told it, and types the password where it is asked for. */
async function obey(command: string): Promise<string> {
  const shell = spawn('bash', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'] });
  shell.stdin.on('error', () => {}).end(`${SECRET}\n`);
  let output = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = await once(shell, 'close');
  assert.equal(code, 0, output);
  assert.match(output, /^(Password: )?OK\s+OK\b/);
  return output;
}

/** Of a server that only this machine reaches. */
const CLOSED = {
  ...{ save: '', appendfsync: 'always', replicated: false, open: false },
  ...{ cli: 'redis-cli', password: false },
};

/** One problem, which its command mends, also beyond a restart. */
async function mends(
  redis: RedisServer,
  problem: RegExp,
  options: Partial<RedisOptions> = {},
): Promise<void> {
  const at = { url: redis.url, ...options };
  const { problems } = await inspect(at);
  assert.equal(problems.length, 1, JSON.stringify(problems));
  assert.match(problems[0]!.problem, problem);
  await obey(problems[0]!.fix);
  assert.deepEqual((await inspect(at)).problems, []);
  await redis.restart();
  assert.deepEqual((await inspect(at)).problems, []);
}

describe('inspectRedis', () => {
  it('finds nothing wrong with a good server, and says what it is', async () => {
    await using redis = await startRedis({ config: { requirepass: SECRET, maxmemory: '256mb' } });
    const { summary, problems } = await inspect({ url: redis.url });
    assert.match(
      summary,
      /^redis:\/\/127\.0\.0\.1:\d+\/0 is Redis [7-9]\.\d+\.\d+ without RediSearch, \d MB of 256 MB$/,
    );
    assert.deepEqual(problems, []);
  });

  it('lets a server of caches drop what it likes, and keeps it from taking all memory', async () => {
    const dropping = { appendonly: 'no', 'maxmemory-policy': 'allkeys-lru', maxmemory: '256mb' };
    await using good = await startRedis({ config: dropping });
    assert.deepEqual((await inspectRedis(redisOptions({ url: good.url }), 'caches')).problems, []);
    assert.equal((await inspect({ url: good.url })).problems.length, 2);
    await using bad = await startRedis({ config: { maxmemory: '0', 'maxmemory-policy': 'noeviction' } });
    const look = async () => (await inspectRedis(redisOptions({ url: bad.url }), 'caches')).problems;
    const [unbounded, refusing, ...more] = await look();
    assert.match(unbounded!.problem, /all memory/);
    assert.match(refusing!.problem, /noeviction/);
    assert.deepEqual(more, []);
    await obey(unbounded!.fix);
    await obey(refusing!.fix);
    assert.deepEqual(await look(), []);
  });

  it('sees RediSearch', async () => {
    await using redis = await startRedisWithSearch();
    const { summary, problems } = await inspect({ url: redis.url });
    assert.match(summary, /is Redis 8\.2\.\d+ with RediSearch, \d+ MB without a limit$/);
    assert.deepEqual(problems, []);
  });

  it('mends a server that drops memories', async () => {
    await using redis = await startRedis({ config: { 'maxmemory-policy': 'allkeys-lru' } });
    await mends(redis, /drops memories when it is full \(allkeys-lru\)/);
  });

  it('lets a server drop what expires', async () => {
    await using redis = await startRedis({ config: { 'maxmemory-policy': 'volatile-lru' } });
    assert.deepEqual((await inspect({ url: redis.url })).problems, []);
  });

  it('mends a server that keeps nothing on disk', async () => {
    await using redis = await startRedis({ config: { appendonly: 'no', save: '""' } });
    await mends(redis, /a restart loses all/);
  });

  it('mends a server that keeps snapshots only', async () => {
    await using redis = await startRedis({ config: { appendonly: 'no', save: '3600 1' } });
    await mends(redis, /a crash loses what came after the last/);
  });

  it('mends a server that flushes once a second, or when its system likes', async () => {
    for (const [appendfsync, problem] of [
      ['everysec', /loses the last second/],
      ['no', /those of many seconds/],
    ] as const) {
      await using redis = await startRedis({ config: { appendfsync } });
      await mends(redis, problem);
    }
  });

  it('mends a server as it is shipped: no file of changes, flushed once a second', async () => {
    await using redis = await startRedis({
      config: { appendonly: 'no', appendfsync: 'everysec', save: '3600 1' },
    });
    await mends(redis, /only snapshots/);
  });

  it('mends a server that is nearly full, which wants a password', async () => {
    await using redis = await startRedis({ config: { requirepass: SECRET } });
    const used = Number(/used_memory:(\d+)/.exec(await redis.cli('info', 'memory'))![1]);
    await redis.cli('config', 'set', 'maxmemory', `${Math.round(used * 1.1)}`);
    await mends(redis, /nearly full: \d+ of \d+ MB/);
  });

  it('mends a server that lets anybody in', async () => {
    // An address that this machine has not: Redis goes on without it.
    await using redis = await startRedis({
      config: { bind: '127.0.0.1 -192.0.2.1', 'protected-mode': 'no' },
    });
    const { problems } = await inspect({ url: redis.url });
    assert.deepEqual(
      problems.map(({ problem }) => problem),
      ['it wants no password and can be reached from other machines'],
    );
    // A list of processes shows every command line.
    assert.doesNotMatch(problems[0]!.fix, /requirepass \S*\$P/);
    const password = /REDIS_PASSWORD=(\w{48})/.exec(await obey(problems[0]!.fix))![1]!;
    await failsWith(inspect({ url: redis.url }), {
      badCredentials: true,
      message: /wants a password/,
      fix: /REDIS_PASSWORD/,
    });
    assert.deepEqual((await inspect({ url: redis.url, password })).problems, []);
  });

  it('has nothing against a server without a password that only this machine reaches', async () => {
    await using closed = await startRedis({ config: { 'protected-mode': 'no' } });
    assert.deepEqual((await inspect({ url: closed.url })).problems, []);
    await using guarded = await startRedis({ config: { bind: '127.0.0.1 -192.0.2.1' } });
    assert.deepEqual((await inspect({ url: guarded.url })).problems, []);
  });

  it('tells that it is too old', () => {
    const info = new Map([
      ['redis_version', '6.2.14'],
      ['aof_enabled', '1'],
    ]);
    assert.deepEqual(redisProblems({ ...CLOSED, info }), [
      { problem: 'it is Redis 6.2.14, which is too old', fix: 'Install Redis 7 or newer.' },
    ]);
  });

  it('does not rewrite a configuration file that is not there', () => {
    const info = new Map([['config_file', '']]);
    const [{ fix }] = redisProblems({ ...CLOSED, info }) as [RedisProblem];
    assert.match(fix, /^redis-cli CONFIG SET appendonly yes appendfsync always {2}# until its next restart/);
  });

  it('tells a replica, and its primary', async () => {
    await using primary = await startRedis();
    await using replica = await startRedis({ config: { replicaof: `127.0.0.1 ${primary.port}` } });
    const { problems } = await inspect({ url: replica.url });
    assert.equal(problems[0]?.fix, `Set REDIS_URL to the primary: 127.0.0.1:${primary.port}`);
  });

  it('tells that a user may not ask, and how it may', async () => {
    await using redis = await startRedis();
    await redis.cli('acl', 'setuser', 'reader', 'on', `>${SECRET}`, '~*', '+ping', '+get');
    const { problems } = await inspect({ url: redis.url, username: 'reader', password: SECRET });
    assert.deepEqual(problems, [
      { problem: 'it does not let this user run INFO', fix: 'Allow it: redis-cli ACL SETUSER <user> +info' },
    ]);
  });

  it('does with what a user may ask', async () => {
    await using redis = await startRedis({ config: { appendonly: 'no', save: '""' } });
    await redis.cli('acl', 'setuser', 'reader', 'on', `>${SECRET}`, '~*', '+ping', '+info');
    const { problems } = await inspect({ url: redis.url, username: 'reader', password: SECRET });
    assert.deepEqual(
      problems.map(({ problem }) => problem),
      [
        'it keeps at most snapshots on disk: a crash loses what came after the last',
        'could not look at how it keeps changes on disk (CONFIG GET is refused)',
      ],
    );
  });

  it('speaks TLS in its commands too', async () => {
    await using folder = await temporaryFolder();
    const tls = await createCertificates(folder.path);
    await using redis = await startRedis({
      tls,
      config: { requirepass: SECRET, 'maxmemory-policy': 'allkeys-lfu' },
    });
    await mends(redis, /allkeys-lfu/, { caFile: tls.ca });
  });

  it('inspects each primary of a Cluster', async () => {
    await using cluster = await startRedisCluster(SECRET);
    const at = { clusterNodes: cluster.nodes, password: SECRET };
    const second = cluster.primaries[1]!;
    await second.cli('config', 'set', 'maxmemory-policy', 'allkeys-random');
    const { summary, problems } = await inspect(at);
    assert.match(summary, /^redis cluster .* is Redis 7/);
    assert.deepEqual(
      problems.map(({ problem }) => problem),
      [`127.0.0.1:${second.port}: it drops memories when it is full (allkeys-random)`],
    );
    await obey(problems[0]!.fix);
    assert.deepEqual((await inspect(at)).problems, []);
  });

  it('inspects the primary that Sentinels name', async () => {
    await using group = await startRedisSentinels(SECRET);
    const at = { sentinels: group.sentinels, sentinelName: group.name, password: SECRET };
    // A replica has it, which is enough.
    await group.primary.cli('config', 'set', 'appendfsync', 'everysec');
    assert.deepEqual((await inspect(at)).problems, []);
    await group.primary.cli('config', 'set', 'maxmemory-policy', 'allkeys-random');
    const { problems } = await inspect(at);
    await obey(problems[0]!.fix);
    assert.deepEqual((await inspect(at)).problems, []);
  });

  it('rejects when nothing is listening', async () =>
    failsWith(inspect({ url: `redis://:${SECRET}@127.0.0.1:${await freePort()}` }), {
      message: /is not listening there/,
      fix: /Start it/,
    }));
});
