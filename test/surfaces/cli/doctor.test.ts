import assert from 'node:assert/strict';
import { chmod, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cliHome } from '../../fixtures/cli.ts';
import { startRedis } from '../../fixtures/redis.ts';

type Check = { check: string; level: string; message: string; fix?: string };

/** The exit code, and the level of each check by its name. */
async function diagnose(cli: Awaited<ReturnType<typeof cliHome>>, env: Record<string, string> = {}) {
  const { code, stdout } = await cli.run(['doctor', '--json'], { env });
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  for (const { level, fix } of checks) assert.equal(fix === undefined, level === 'ok');
  return { code, levels: Object.fromEntries(checks.map(({ check, level }) => [check, level])), checks };
}

describe('doctor', () => {
  it('finds nothing wrong where all is well, by using the model', async () => {
    await using cli = await cliHome();
    const env = { EMBEDDING_PROVIDER: 'local' };
    await cli.json(['store', 'Some memory'], { env });
    await cli.run(['connect', 'claude', '--yes']);
    await cli.run(['connect', 'codex', '--http', '--yes']);
    assert.deepEqual(await diagnose(cli, env).then(({ code, levels }) => ({ code, levels })), {
      code: 0,
      levels: {
        node: 'ok',
        data: 'ok',
        model: 'ok',
        token: 'ok',
        store: 'ok',
        embedding: 'ok',
        index: 'ok',
        backlog: 'ok',
        room: 'ok',
        gpu: 'ok',
        claude: 'ok',
        codex: 'ok',
        launcher: 'ok',
      },
    });
  });

  it('warns when no client is connected, and prints a line a check for a person', async () => {
    await using cli = await cliHome();
    const { code, stdout } = await cli.run(['doctor']);
    assert.equal(code, 0);
    assert.match(stdout, /^! clients .*\n.*→ .*connect/m);
  });

  it('fails for a damaged store, and says what to do', async () => {
    await using cli = await cliHome();
    for (let i = 0; i < 5; i++) await cli.json(['store', `Memory ${i} ${'x'.repeat(5000)}`]);
    await truncate(join(cli.data, 'memory.db'), 20_000);
    const { code, levels } = await diagnose(cli);
    assert.deepEqual([code, levels['store']], [1, 'fail']);
  });

  it('fails for a token that others may read, and a folder too', async () => {
    await using cli = await cliHome();
    await cli.run(['connect', 'cursor', '--http', '--yes']);
    await chmod(join(cli.data, 'http-token'), 0o644);
    await chmod(cli.data, 0o755);
    const { code, levels } = await diagnose(cli);
    assert.deepEqual([code, levels['token'], levels['data']], [1, 'fail', 'warn']);
  });

  it('fails for a client that starts what is gone or sends an old token', async () => {
    await using cli = await cliHome();
    await cli.run(['connect', 'gemini', '--yes']);
    await cli.run(['connect', 'cursor', '--http', '--yes']);
    await rm(join(cli.data, 'bin'), { recursive: true });
    await writeFile(join(cli.data, 'http-token'), `${'a'.repeat(43)}\n`);
    const { code, levels } = await diagnose(cli);
    assert.deepEqual(
      [code, levels['gemini'], levels['launcher'], levels['cursor']],
      [1, 'fail', 'fail', 'fail'],
    );
  });

  it('notices a launcher of another installation, and a file that does not parse', async () => {
    await using cli = await cliHome();
    await cli.run(['connect', 'claude', '--yes']);
    const launcher = join(cli.data, 'bin', 'memory-central');
    await writeFile(launcher, `${await readFile(launcher, 'utf8')}# changed\n`);
    await cli.run(['connect', 'cursor', '--yes']);
    await writeFile(launcher, `${await readFile(launcher, 'utf8')}# changed\n`);
    await writeFile(join(cli.home, '.cursor', 'mcp.json'), '{');
    const { code, levels } = await diagnose(cli);
    assert.deepEqual([code, levels['launcher'], levels['cursor']], [0, 'warn', 'warn']);
  });

  it('says what the central Redis is, and what is wrong with it', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis({
      config: { requirepass: 's3cret', 'maxmemory-policy': 'allkeys-lru' },
    });
    const { code, checks } = await diagnose(cli, { REDIS_URL: redis.url });
    const [server, policy, ...others] = checks.filter(({ check }) => check === 'redis');
    assert.match(server!.message, /^redis:\/\/127\.0\.0\.1:\d+\/0 is Redis [\d.]+ without RediSearch/);
    assert.match(policy!.message, /drops memories when it is full/);
    assert.match(policy!.fix!, /CONFIG SET maxmemory-policy noeviction/);
    assert.deepEqual([code, server!.level, policy!.level, others], [0, 'ok', 'warn', []]);
  });

  it('fails for a central Redis that cannot be used, and keeps its password to itself', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis({ config: { requirepass: 'another' } });
    const REDIS_URL = redis.url.replace('another', 's3cret');
    const env = { REDIS_URL, MEMORY_LOG_LEVEL: 'debug' };
    const { code, stdout, stderr } = await cli.run(['doctor'], { env });
    assert.equal(code, 1);
    assert.match(stdout, /^✘ redis .*refused the password\.\n.*→ Correct REDIS_PASSWORD/m);
    assert.doesNotMatch(stdout + stderr, /s3cret/);
  });

  it('says nothing of Redis where none is configured', async () => {
    await using cli = await cliHome();
    assert.ok(!('redis' in (await diagnose(cli)).levels));
  });

  it('looks at the Redis of the caches as such, and only warns where it is out of reach', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis({
      config: { appendonly: 'no', 'maxmemory-policy': 'allkeys-lru', maxmemory: '256mb' },
    });
    const env = { CACHE_REDIS_URL: redis.url };
    assert.equal((await diagnose(cli, env)).levels['cache'], 'ok');
    await redis.kill();
    const { code, levels } = await diagnose(cli, env);
    assert.deepEqual([code, levels['cache']], [0, 'warn']);
  });
});
