import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/main/assets.ts';
import { listed } from '../../fixtures/accessList.ts';
import { type Certificates, createCertificates } from '../../fixtures/certificates.ts';
import { cliHome } from '../../fixtures/cli.ts';
import { freePort, type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { startRedis6 } from '../../fixtures/redis6.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

type Cli = Awaited<ReturnType<typeof cliHome>>;
type Env = Record<string, string>;

const SECRET = 's3cret';

/** A write is taken and waits, its reason is said, doctor says what to do, and the password is told nowhere. */
async function waits(cli: Cli, env: Env, says: RegExp, fix: RegExp): Promise<void> {
  const stored = await cli.run(['store', 'Written while Redis takes nothing'], { env });
  assert.equal(stored.code, 0, stored.stderr);
  assert.match(stored.stderr, /^offline, 1 write waiting: /m);
  assert.match(stored.stderr, says);
  const { code, stdout, stderr } = await cli.run(['doctor', '--json'], { env });
  assert.equal(code, 1);
  const { checks } = JSON.parse(stdout) as { checks: { check: string; message: string; fix?: string }[] };
  const central = checks.find(({ check }) => check === 'central');
  assert.match(central!.message, says);
  assert.match(central!.fix!, fix);
  assert.doesNotMatch(stored.stderr + stdout + stderr, new RegExp(SECRET));
}

/** What waited is in Redis. */
async function brings(cli: Cli, env: Env): Promise<void> {
  await cli.json(['list'], { env });
  const { central, memories } = await cli.json(['status'], { env });
  assert.deepEqual([(central as { waiting: number }).waiting, memories], [0, 1]);
  await using other = await cliHome();
  assert.equal((await other.json(['list'], { env }))['total'], 1);
}

describe('a central Redis that refuses', function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let others: Awaited<ReturnType<typeof temporaryFolder>>;
  let ours: Certificates;
  let foreign: Certificates;
  before(async () => {
    [folder, others] = [await temporaryFolder(), await temporaryFolder()];
    ours = await createCertificates(folder.path);
    foreign = await createCertificates(others.path);
  });
  after(async () => {
    for (const one of [folder, others]) await one[Symbol.asyncDispose]();
  });

  it('the password, or the user, takes what waited once they are right', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis({ config: { requirepass: SECRET } });
    const at = { REDIS_HOST: '127.0.0.1', REDIS_PORT: `${redis.port}` };
    await waits(cli, { ...at, REDIS_PASSWORD: `not-${SECRET}` }, /refused the password/, /REDIS_PASSWORD/);
    const unknown = { ...at, REDIS_USERNAME: 'nobody', REDIS_PASSWORD: SECRET };
    assert.match(
      (await cli.run(['status'], { env: unknown })).stdout,
      /refused the password.*\n.*REDIS_USERNAME/,
    );
    assert.match((await cli.run(['status'], { env: at })).stdout, /wants a password.*\n.*REDIS_PASSWORD/);
    await brings(cli, { ...at, REDIS_PASSWORD: SECRET });
  });

  it('an authority that nobody knows', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis({ tls: ours });
    const env = (caFile: string) => ({ REDIS_URL: redis.url, REDIS_CA_FILE: caFile });
    await waits(cli, env(foreign.ca), /certificate that cannot be trusted/, /REDIS_CA_FILE/);
    await brings(cli, env(ours.ca));
  });

  it('TLS on a plain port, and plain words on a port of TLS', async () => {
    await using cli = await cliHome();
    await using secure = await startRedis({ tls: ours });
    await using plain = await startRedis();
    const withTls = { REDIS_URL: plain.url.replace('redis:', 'rediss:'), REDIS_DEADLINE_MS: '500' };
    await waits(cli, withTls, /does not answer/, /use redis:\/\//);
    const without = { REDIS_URL: secure.url.replace('rediss:', 'redis:') };
    await waits(cli, without, /closed the connection/, /use rediss:\/\//);
  });

  it('because it is not there', async () => {
    await using cli = await cliHome();
    const nobody = { REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
    await waits(cli, nobody, /is not listening there/, /Start it, or correct the address \(REDIS_URL\)/);
    await waits(cli, { REDIS_URL: 'redis://redis.invalid' }, /has an unknown name/, /Correct the host/);
  });

  it('because it is not at that address: doctor finds what was written for it, and how to bring it', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis();
    const mistyped = { REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
    assert.equal((await cli.run(['store', 'Written to nowhere'], { env: mistyped })).code, 0);
    const env = { REDIS_URL: redis.url };
    const commandIn = async (): Promise<string> => {
      const { code, stdout } = await cli.run(['doctor']);
      assert.equal(code, 0);
      assert.match(stdout, /^! replicas +1 write waits in \S+ for another central Redis/m);
      return /move the file away: (.*)$/m.exec(stdout)![1]!;
    };
    assert.match(await commandIn(), /^memory-central export .* && memory-central import/);
    await writeFile(join(cli.data, '.env'), `REDIS_URL=${redis.url}\n`);
    const command = await commandIn();
    const program = `node ${join(packageRoot, 'dist', 'cli.js')}`;
    await promisify(execFile)('sh', ['-c', command.replaceAll('memory-central ', `${program} `)], {
      cwd: cli.home,
      env: {
        ...process.env,
        MEMORY_CENTRAL_HOME: cli.data,
        MEMORY_NAMESPACE: 'shop',
        EMBEDDING_PROVIDER: 'off',
      },
    });
    await brings(cli, env);
  });

  it('a database that it has not, in every command', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis();
    const env = { REDIS_URL: redis.url, REDIS_DB: '99' };
    await waits(cli, env, /has no such database/, /REDIS_DB/);
    assert.equal(await redis.cli('info', 'keyspace'), '# Keyspace');
  });

  it('an address that is none, before anything is written', async () => {
    await using cli = await cliHome();
    for (const command of [['store', 'Written nowhere'], ['list'], ['status']]) {
      const { code, stderr } = await cli.run(command, { env: { REDIS_URL: `http://:${SECRET}@host` } });
      assert.equal(code, 2);
      assert.match(stderr, /REDIS_URL is no Redis address\.\nGive one such as redis:\/\//);
      assert.doesNotMatch(stderr, new RegExp(SECRET));
    }
  });

  describe('one command', () => {
    let redis: RedisServer;
    let prefixes = 0;
    before(async () => {
      redis = await startRedis();
    });
    after(() => redis[Symbol.asyncDispose]());
    const allow = (commands: readonly string[]) =>
      redis.cli('acl', 'setuser', 'app', 'reset', 'on', `>${SECRET}`, '~*', '&*', ...commands);

    const inScripts = ['set', 'hset', 'zadd', 'xadd', 'xdel', 'hkeys', 'hdel', 'type', 'unlink', 'xrange'];
    for (const command of ['eval', 'setnx', 'get', ...inScripts]) {
      it(`takes what waited once ${command.toUpperCase()} is allowed`, async () => {
        await using cli = await cliHome();
        const env = {
          REDIS_URL: `redis://app:${SECRET}@127.0.0.1:${redis.port}`,
          REDIS_PREFIX: `p${prefixes++}:`,
        };
        const all = await listed('everybody');
        assert.ok(all.includes(`+${command}`));
        if (command === 'xrange' || command === 'type') {
          // It is called where there is something already.
          await allow(all);
          await using first = await cliHome();
          const { id } = await first.json(['store', 'There before'], { env });
          await first.json(['forget', id as string, '--yes'], { env });
        }
        await allow(all.filter(one => one !== `+${command}`));
        // What a script reads with is not looked at before: ACL LOG names it.
        const [named, fix] = ['type', 'xrange'].includes(command)
          ? [/does not let this user run a command that is needed/, /ACL LOG/]
          : [
              new RegExp(`does not let this user run ${command.toUpperCase()}[.]`),
              new RegExp(`[+]${command}$`),
            ];
        await waits(cli, env, named, fix);
        await allow(all);
        await brings(cli, env);
      });
    }

    it('takes what waited once the keys are allowed', async () => {
      await using cli = await cliHome();
      const env = { REDIS_URL: `redis://app:${SECRET}@127.0.0.1:${redis.port}`, REDIS_PREFIX: 'mine:' };
      const all = await listed('everybody');
      await redis.cli('acl', 'setuser', 'app', 'reset', 'on', `>${SECRET}`, '~yours:*', ...all);
      await waits(cli, env, /does not let this user touch our keys/, /REDIS_PREFIX/);
      await redis.cli('acl', 'setuser', 'app', '~mine:*', '&mine:*');
      await brings(cli, env);
    });
  });

  it('because it is too old', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis6();
    await waits(cli, { REDIS_URL: redis.url }, /is too old/, /Install Redis 7 or newer/);
    const { stdout } = await cli.run(['doctor'], { env: { REDIS_URL: redis.url } });
    assert.match(stdout, /^! redis +it is Redis 6\.2\.14, which is too old/m);
  });

  it('because it is full, takes what waited once it has room', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis({ config: { maxmemory: '1mb', 'maxmemory-policy': 'noeviction' } });
    const env = { REDIS_URL: redis.url };
    await waits(cli, env, /is full/, /CONFIG SET maxmemory/);
    await redis.cli('config', 'set', 'maxmemory', '100mb');
    await brings(cli, env);
  });

  it('because it still reads its data, takes what waited once it has', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis({ config: { 'key-load-delay': '1000' } });
    // It looks after its clients at each 1,024th command that it reads.
    await redis.cli('eval', "for i = 1, 10000 do redis.call('SET', 'key' .. i, i) end", '0');
    const restarted = redis.restart();
    const env = { REDIS_URL: redis.url };
    await until(() =>
      redis.cli('ping').then(
        () => false,
        error => /LOADING/.test(String(error.stdout) + error),
      ),
    );
    await waits(cli, env, /still loading its data/, /Try again in a moment/);
    await restarted;
    await brings(cli, env);
  });
});
