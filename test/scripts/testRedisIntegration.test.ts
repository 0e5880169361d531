import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { builtProgram } from '../fixtures/builtPrograms.ts';
import { startRedis } from '../fixtures/redis.ts';

const PROGRAM = 'scripts/test-redis-integration.sh';
const PASSWORD = 's3cret of the trial';

/** What B9 of the requirements asks for, by the names of the lines. */
const ALL = [
  'availability',
  'connection',
  'authentication',
  'memory',
  'persistence',
  'isolation',
  'memories',
  'caches',
  'performance',
];

/** The exit code, and the names of the lines that are fine and of those that are not. */
async function run(env: Record<string, string>) {
  await builtProgram('cli');
  const { PATH, HOME } = process.env;
  const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>(
    resolve =>
      execFile('bash', [PROGRAM], { env: { PATH, HOME, ...env } }, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, stdout, stderr }),
      ),
  );
  const named = (sign: string) => [
    ...new Set(
      [...stdout.matchAll(/^(\w+) +(\w+)/gm)].flatMap(([, level, name]) => (level === sign ? [name!] : [])),
    ),
  ];
  assert.doesNotMatch(stdout + stderr, /s3cret/);
  return { code, good: named('ok'), failed: named('FAIL'), stdout, stderr };
}

describe(PROGRAM, function () {
  this.timeout(180_000);

  it('tries all of a given Redis, and leaves nothing there', async () => {
    await using redis = await startRedis({ config: { requirepass: `"${PASSWORD}"` } });
    const cli = (...args: string[]) => redis.cli('--no-auth-warning', '-a', PASSWORD, ...args);
    await cli('set', 'somebody', 'else');
    const REDIS_URL = `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${redis.port}`;
    const { code, good, failed, stdout } = await run({ REDIS_URL });
    assert.deepEqual([code, good, failed], [0, ALL, []], stdout);
    assert.equal(await cli('--scan'), 'somebody');
  });

  it('fails for a Redis that would lose memories, and says in which lines', async () => {
    await using redis = await startRedis({
      config: { appendonly: 'no', 'maxmemory-policy': 'allkeys-lru' },
    });
    const { code, failed } = await run({ REDIS_URL: redis.url });
    assert.deepEqual([code, failed], [1, ['memory', 'persistence']]);
  });

  it('fails where the password is wrong, and where nobody listens', async () => {
    const redis = await startRedis({ config: { requirepass: 'another' } });
    const REDIS_URL = `redis://:s3cret@127.0.0.1:${redis.port}`;
    const refused = await run({ REDIS_URL });
    assert.deepEqual([refused.code, refused.failed], [1, ['availability', 'connection']]);
    assert.match(refused.stdout, /refused the password.*→ Correct REDIS_PASSWORD/);
    await redis[Symbol.asyncDispose]();
    const silent = await run({ REDIS_URL });
    assert.deepEqual([silent.code, silent.failed], [1, ['availability', 'connection']]);
    assert.match(silent.stdout, /is not listening there/);
  });

  it('starts a Redis of its own where none is given', async () => {
    const { code, good, stdout } = await run({});
    assert.deepEqual([code, good], [0, ALL], stdout);
  });
});
