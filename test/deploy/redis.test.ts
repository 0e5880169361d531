import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cliHome } from '../fixtures/cli.ts';
import { freePort } from '../fixtures/redis.ts';
import { compose, config, DEPLOY, PASSWORD, startServer, startService } from '../fixtures/shippedRedis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

const run = promisify(execFile);

/** Doctor's findings of Redis that are not good, with the program as a person runs it. */
async function complaints(env: Record<string, string>): Promise<string[]> {
  await using home = await cliHome();
  const { stdout } = await home.run(['doctor', '--json'], { env });
  const { checks } = JSON.parse(stdout) as { checks: { check: string; level: string; message: string }[] };
  const found = checks.filter(({ check }) => check === 'redis' || check === 'central');
  assert.equal(new Set(found.map(({ check }) => check)).size, 2, stdout);
  return found.filter(({ level }) => level !== 'ok').map(({ message }) => message);
}

describe('Redis of deploy/compose.yaml', () => {
  it('starts a Redis for memories that doctor finds nothing wrong with, and that shows its password to nobody', async () => {
    await using redis = await startService('redis');
    assert.deepEqual(
      await config(redis, 'appendonly', 'appendfsync', 'save', 'maxmemory', 'maxmemory-policy'),
      {
        appendonly: 'yes',
        appendfsync: 'always',
        save: '900 1 300 10 60 10000',
        maxmemory: `${4 * 2 ** 30}`,
        'maxmemory-policy': 'noeviction',
      },
    );
    assert.deepEqual(
      await config(redis, 'auto-aof-rewrite-percentage', 'auto-aof-rewrite-min-size', 'protected-mode'),
      {
        'auto-aof-rewrite-percentage': '100',
        'auto-aof-rewrite-min-size': `${64 * 2 ** 20}`,
        'protected-mode': 'yes',
      },
    );
    const REDIS_URL = `redis://:${PASSWORD}@127.0.0.1:${redis.port}`;
    assert.deepEqual(await complaints({ REDIS_URL }), []);
    assert.doesNotMatch(await readFile(`/proc/${redis.process.pid}/cmdline`, 'utf8'), new RegExp(PASSWORD));
  });

  it('starts a Redis for caches that doctor does not take for one of memories', async () => {
    await using redis = await startService('redis-cache');
    assert.deepEqual(await config(redis, 'appendonly', 'maxmemory', 'maxmemory-policy'), {
      appendonly: 'yes',
      maxmemory: `${256 * 2 ** 20}`,
      'maxmemory-policy': 'allkeys-lru',
    });
    const REDIS_URL = `redis://:${PASSWORD}@127.0.0.1:${redis.port}`;
    assert.deepEqual(await complaints({ REDIS_URL }), [
      'it drops memories when it is full (allkeys-lru)',
      'it flushes changes once a second (appendfsync everysec): a power failure loses the last second, and machines that saw it stop following',
    ]);
  });

  it('knows by its health check whether Redis answers', async () => {
    await using redis = await startService('redis');
    const [kind, line] = (await compose()).services['redis']!.healthcheck!.test as [string, string];
    assert.equal(kind, 'CMD-SHELL');
    const check = (password: string) =>
      run('sh', ['-c', line.replaceAll('$$', '$').replace('redis-cli', `redis-cli -p ${redis.port}`)], {
        env: { ...process.env, REDIS_PASSWORD: password },
      }).then(
        () => 'healthy',
        () => 'ill',
      );
    assert.equal(await check(PASSWORD), 'healthy');
    assert.equal(await check('another'), 'ill');
    redis.process.kill('SIGKILL');
    await once(redis.process, 'exit');
    assert.equal(await check(PASSWORD), 'ill');
  });
});

describe('deploy/redis/sentinel.conf and replicated.conf', function () {
  this.timeout(60_000);

  it('make a group that takes no change without a replica, and goes on when it is back', async () => {
    await using files = await temporaryFolder();
    const passwords = join(files.path, 'passwords.conf');
    await writeFile(passwords, `requirepass ${PASSWORD}\nmasterauth ${PASSWORD}\n`, { mode: 0o600 });
    const replicated = [
      join(DEPLOY, 'redis', 'redis.conf'),
      '--include',
      join(DEPLOY, 'redis', 'replicated.conf'),
    ];
    const args = [...replicated, '--include', passwords];
    const [first, second, third] = await Promise.all([freePort(), freePort(), freePort()]);
    await using primary = await startServer(args, first!);
    assert.deepEqual(await config(primary, 'min-replicas-to-write', 'maxmemory-policy', 'appendfsync'), {
      'min-replicas-to-write': '1',
      'maxmemory-policy': 'noeviction',
      appendfsync: 'everysec',
    });
    const text = (await readFile(join(DEPLOY, 'redis', 'sentinel.conf'), 'utf8'))
      .replace('10.10.20.85 16379 2', `127.0.0.1 ${first} 1`)
      .replace('# sentinel auth-pass memories <REDIS_PASSWORD>', `sentinel auth-pass memories ${PASSWORD}`)
      .replaceAll('<REDIS_SENTINEL_PASSWORD>', PASSWORD)
      .replace(/# (requirepass|sentinel sentinel-pass)/g, '$1');
    const sentinelFile = join(files.path, 'sentinel.conf');
    await writeFile(sentinelFile, text, { mode: 0o600 });
    await using sentinel = await startServer([sentinelFile, '--sentinel'], third!);
    assert.match(await sentinel.cli('sentinel', 'get-master-addr-by-name', 'memories'), /127\.0\.0\.1/);

    await using home = await cliHome();
    const env = {
      REDIS_SENTINELS: `127.0.0.1:${third}`,
      REDIS_SENTINEL_NAME: 'memories',
      REDIS_SENTINEL_PASSWORD: PASSWORD,
      REDIS_PASSWORD: PASSWORD,
    };
    const alone = await home.run(['store', 'Nobody else has this'], { env });
    assert.equal(alone.code, 0);
    assert.match(alone.stderr, /offline, 1 write waiting: .*too few replicas/);
    const follow = ['--replicaof', '127.0.0.1', `${first}`];
    await using _replica = await startServer([...args, ...follow], second!);
    await until(async () => /state=online/.test(await primary.cli('info', 'replication')));
    await until(async () => (await home.json(['status'], { env }))['central'] !== null);
    await home.json(['store', 'A replica has this'], { env });
    await using desk = await cliHome();
    await until(async () => (await desk.json(['list'], { env }))['total'] === 2);
    assert.deepEqual(await complaints(env), []);
  });
});
