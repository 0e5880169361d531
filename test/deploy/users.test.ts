import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listed } from '../fixtures/accessList.ts';
import { cliHome } from '../fixtures/cli.ts';
import { freePort } from '../fixtures/redis.ts';
import { startRedisWithSearch } from '../fixtures/redisWithSearch.ts';
import { DEPLOY, PASSWORD, startServer } from '../fixtures/shippedRedis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

const run = promisify(execFile);
const PASSWORDS = {
  REDIS_PASSWORD: PASSWORD,
  REDIS_SERVER_PASSWORD: 'of-the-server',
  REDIS_WORKER_PASSWORD: 'of-the-worker',
  REDIS_METRICS_PASSWORD: 'of-metrics',
  REDIS_BACKUP_PASSWORD: 'of-the-backup',
};

async function users(env: Record<string, string>): Promise<string> {
  const { stdout } = await run(join(DEPLOY, 'redis', 'users.sh'), {
    env: { PATH: process.env['PATH'], ...PASSWORDS, ...env },
  });
  return stdout;
}

/** Commands that a line of the file allows. */
function allowed(file: string, user: string): string[] {
  const line = file.split('\n').find(line => line.startsWith(`user ${user} `))!;
  return [...new Set(line.split(' ').filter(word => word.startsWith('+')))];
}

async function startWithUsers(text: string) {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'users.acl');
  await writeFile(path, text, { mode: 0o600 });
  const redis = await startServer(['--aclfile', path], await freePort());
  return {
    ...redis,
    /** What Redis answers to this user. */
    async as(user: string, password: string, ...command: string[]): Promise<string> {
      const env = { ...process.env, REDISCLI_AUTH: password };
      const { stdout } = await run('redis-cli', ['-p', `${redis.port}`, '--user', user, ...command], { env });
      return stdout.trim();
    },
    async [Symbol.asyncDispose]() {
      await redis[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('deploy/redis/users.sh', () => {
  it('gives each user what docs/operations.md lists, and writes no password', async () => {
    const file = await users({});
    const programs = [];
    for (const list of ['everybody', 'jobs', 'search', 'database']) programs.push(...(await listed(list)));
    assert.deepEqual(allowed(file, 'memory-worker').sort(), [...new Set(programs)].sort());
    const server = [...new Set([...programs, ...(await listed('doctor'))])];
    assert.deepEqual(allowed(file, 'memory-central').sort(), server.sort());
    for (const password of Object.values(PASSWORDS)) assert.ok(!file.includes(password));
    assert.doesNotMatch(await users({ REDIS_METRICS_PASSWORD: '' }), /metrics/);
    await assert.rejects(users({ REDIS_PASSWORD: '' }), /REDIS_PASSWORD/);
  });

  it('lets the server work, in its own keys alone, and refuses it what it does not need', async () => {
    await using redis = await startWithUsers(await users({ REDIS_SEARCH: 'no', REDIS_PREFIX: 'ours:' }));
    await using home = await cliHome();
    const env = {
      ...{ REDIS_URL: `redis://memory-central:of-the-server@127.0.0.1:${redis.port}` },
      REDIS_PREFIX: 'ours:',
    };
    await home.json(['store', 'Deploys happen on Fridays'], { env });
    const status = await home.json(['status'], { env });
    assert.equal((status['central'] as { waiting: number }).waiting, 0);
    assert.match((await home.run(['doctor'], { env })).stdout, /redis/);
    assert.equal(await redis.cli('acl', 'log'), '');
    const server = (...command: string[]) => redis.as('memory-central', 'of-the-server', ...command);
    for (const command of [
      ['flushall'],
      ['keys', '*'],
      ['config', 'set', 'maxmemory', '1'],
      ['shutdown', 'nosave'],
      ['acl', 'setuser', 'memory-central', '+@all'],
      ['debug', 'digest'],
      ['bgsave'],
      ['get', 'of-others'],
      ['publish', 'of-others', 'text'],
    ])
      assert.match(await server(...command), /NOPERM|DEBUG command not allowed/, command.join(' '));
    assert.match(await redis.as('default', 'guessed', 'ping'), /WRONGPASS|NOAUTH/);
  });

  it('lets metrics see figures and no key, and backups everything but a change', async () => {
    await using redis = await startWithUsers(await users({ REDIS_SEARCH: 'no' }));
    await redis.cli('set', 'secret', 'text');
    const metrics = (...command: string[]) => redis.as('metrics', 'of-metrics', ...command);
    assert.match(await metrics('info', 'memory'), /used_memory:/);
    for (const command of [
      ['get', 'secret'],
      ['scan', '0'],
      ['config', 'get', '*'],
      ['set', 'secret', 'x'],
    ])
      assert.match(await metrics(...command), /NOPERM/, command.join(' '));
    const backup = (...command: string[]) => redis.as('backup', 'of-the-backup', ...command);
    assert.match(await backup('lastsave'), /^\d+$/);
    for (const command of [
      ['set', 'secret', 'x'],
      ['del', 'secret'],
      ['config', 'set', 'dir', '/'],
      ['flushall'],
    ])
      assert.match(await backup(...command), /NOPERM/, command.join(' '));
  });

  it('is read by a Redis with RediSearch, where the server may search', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'users.acl');
    await writeFile(path, await users({}));
    await using redis = await startRedisWithSearch({
      config: { requirepass: PASSWORD, aclfile: path },
    });
    const rules = await redis.cli('acl', 'getuser', 'memory-central');
    assert.match(rules, /\+ft\.search/i);
  });
});
