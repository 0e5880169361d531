import assert from 'node:assert/strict';
import { type ExecFileException, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/main/assets.ts';
import { cliHome } from '../fixtures/cli.ts';
import { freePort, type RedisServer, startRedis } from '../fixtures/redis.ts';
import { startRedisWithSearch } from '../fixtures/redisWithSearch.ts';
import { DEPLOY, PASSWORD, startServer } from '../fixtures/shippedRedis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

const run = promisify(execFile);
const SETTLE = ['--enable-debug-command', 'local'];

interface Manifest {
  readonly file: string;
  readonly takenAtSeconds: number;
  readonly bytes: number;
  readonly keys: number;
  readonly digest: string;
}

/** backup.sh on a Redis of this machine. @returns path of the copy */
async function backup(
  redis: { readonly port: number },
  folder: string,
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<string> {
  const { stdout } = await run(
    join(DEPLOY, 'backup', 'backup.sh'),
    [folder, '-p', `${redis.port}`, ...args],
    { env: { ...process.env, ...env } },
  );
  return stdout.trim();
}

async function restore(copy: string, folder: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run(join(DEPLOY, 'backup', 'restore.sh'), [copy, folder], {
    env: { ...process.env, ...env },
  });
  return stdout;
}

async function manifest(path: string): Promise<Manifest> {
  return JSON.parse(await readFile(path, 'utf8')) as Manifest;
}

/** Count and checksum of all keys, as Redis itself tells them. */
async function contents(
  cli: (...args: string[]) => Promise<string>,
): Promise<[keys: number, digest: string]> {
  const keyspace = await cli('info', 'keyspace');
  const keys = [...keyspace.matchAll(/keys=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  return [keys, await cli('debug', 'digest')];
}

function failsWith(message: RegExp): (error: ExecFileException & { stderr?: string }) => boolean {
  return ({ code, stderr = '' }) => code === 1 && message.test(stderr);
}

/** Some of each type, in two databases, with and without an end. */
async function fill({ cli }: RedisServer): Promise<void> {
  await cli('set', 'plain', 'text');
  await cli('set', 'soon', 'gone', 'px', '50');
  await cli('set', 'later', 'gone', 'ex', '86400');
  await cli('hset', 'hash', 'one', '1', 'two', '2');
  await cli('zadd', 'sorted', '1.5', 'a', '2', 'b');
  await cli('xadd', 'stream', '*', 'field', 'value');
  await cli('rpush', 'list', ...Array.from({ length: 500 }, (_, i) => `entry ${i}`));
  await cli('-n', '3', 'sadd', 'set', 'x', 'y');
}

describe('deploy/backup', function () {
  this.timeout(120_000);

  it('makes copies of a Redis that others write to, from which another starts with all that was acknowledged', async () => {
    await using redis = await startRedis();
    await using folder = await temporaryFolder();
    await using home = await cliHome();
    const env = { REDIS_URL: redis.url };
    await home.json(['store', 'Deploys happen on Fridays'], { env });
    const acknowledged: string[] = [];
    const stop = new AbortController();
    const writing = write(redis, acknowledged, stop.signal);
    await until(() => acknowledged.length >= 200);
    const before = acknowledged.length;
    const copy = await backup(redis, join(folder.path, 'backups'));
    const after = acknowledged.length;
    stop.abort();
    await writing;
    assert.ok(after > before, 'nothing was written meanwhile');

    await restore(copy, join(folder.path, 'data'));
    const conf = [join(DEPLOY, 'redis', 'redis.conf'), ...SETTLE];
    const data = join(folder.path, 'data');
    await using restored = await startServer(conf, await freePort(), data);
    const { keys, digest } = await manifest(copy.replace('.rdb', '.json'));
    assert.deepEqual(await contents(restored.cli), [keys, digest]);
    const found = new Set((await restored.cli('lrange', 'written', '0', '-1')).split('\n'));
    assert.deepEqual(
      acknowledged.slice(0, before).filter(one => !found.has(one)),
      [],
    );
    await using second = await cliHome();
    const elsewhere = { env: { REDIS_URL: `redis://127.0.0.1:${restored.port}` } };
    assert.equal((await second.json(['list'], elsewhere))['total'], 1);
    // It keeps what comes: the log is there again.
    await restored.cli('set', 'afterwards', 'kept');
    restored.process.kill('SIGKILL');
    await once(restored.process, 'exit');
    await using again = await startServer(conf, await freePort(), data);
    assert.equal(await again.cli('get', 'afterwards'), 'kept');
  });

  it('holds exactly what Redis holds, by count and checksum, and so does what is restored, however much has expired since', async () => {
    await using redis = await startRedis();
    await using folder = await temporaryFolder();
    await redis.cli('debug', 'set-active-expire', '0');
    await fill(redis);
    const held = await contents(redis.cli);
    const metrics = join(folder.path, 'metrics');
    const backups = join(folder.path, 'backups');
    const copy = await backup(redis, backups, { BACKUP_METRICS: metrics });
    const said = await manifest(join(backups, 'last-backup.json'));
    assert.deepEqual([said.keys, said.digest], held);
    assert.equal(join(backups, said.file), copy);
    assert.equal(said.bytes, (await stat(copy)).size);
    assert.equal(String(said.takenAtSeconds), await redis.cli('lastsave'));
    assert.match(
      await readFile(join(metrics, 'memory_central_backup.prom'), 'utf8'),
      new RegExp(`^memory_central_backup_last_success_timestamp_seconds ${said.takenAtSeconds}$`, 'm'),
    );
    assert.equal((await stat(copy)).mode & 0o777, 0o600);
    await until(async () => (await redis.cli('exists', 'soon')) === '0');
    assert.match(
      await restore(copy, join(folder.path, 'data')),
      new RegExp(`${held[0]} keys, checksum ${held[1]}`),
    );
  });

  it('waits for a snapshot that Redis takes by itself, and takes one after it', async () => {
    await using redis = await startRedis();
    await using folder = await temporaryFolder();
    await redis.cli('debug', 'populate', '1000');
    await redis.cli('config', 'set', 'rdb-key-save-delay', '1000');
    await redis.cli('bgsave');
    await redis.cli('set', 'since', 'then');
    const copy = await backup(redis, folder.path);
    assert.equal((await manifest(copy.replace('.rdb', '.json'))).keys, 1001);
  });

  it('takes the copy over the connection, as a user who may do nothing else', async () => {
    await using folder = await temporaryFolder();
    const users = join(folder.path, 'users.acl');
    const { stdout } = await run(join(DEPLOY, 'redis', 'users.sh'), {
      env: { ...process.env, REDIS_PASSWORD: PASSWORD, REDIS_BACKUP_PASSWORD: 'of-backups' },
    });
    await writeFile(users, stdout);
    await using redis = await startServer(
      ['--aclfile', users, '--repl-diskless-sync-delay', '0'],
      await freePort(),
    );
    await redis.cli('set', 'plain', 'text');
    const env = { REDISCLI_AUTH: 'of-backups' };
    const as = ['--user', 'backup'];
    const copy = await backup(redis, join(folder.path, 'streamed'), { ...env, BACKUP_STREAM: 'yes' }, as);
    assert.equal((await manifest(copy.replace('.rdb', '.json'))).keys, 1);
    await backup(redis, join(folder.path, 'copied'), env, as);
    await assert.rejects(
      run('redis-cli', ['-e', '-p', `${redis.port}`, ...as, 'get', 'plain'], {
        env: { ...process.env, ...env },
      }),
    );
  });

  it('takes the modules along that the copy needs: documents and indexes are there afterwards', async () => {
    await using redis = await startRedisWithSearch();
    await using folder = await temporaryFolder();
    await redis.cli('ft.create', 'words', 'on', 'hash', 'prefix', '1', 'doc:', 'schema', 'text', 'text');
    await redis.cli('hset', 'doc:1', 'text', 'deploys on fridays');
    await redis.cli('json.set', 'json:1', '$', '{"a":[1,2]}');
    const server = join(packageRoot, '.cache', 'redis-8.2-search', 'redis-server');
    const check = join(folder.path, 'redis-check-rdb');
    await symlink(server, check);
    const env = { REDIS_SERVER: server, REDIS_CHECK_RDB: check };
    const copy = await backup(redis, join(folder.path, 'backups'), env);
    const data = join(folder.path, 'data');
    await restore(copy, data, env);
    await using other = await startRedisWithSearch({ config: { dir: data } });
    assert.match(await other.cli('ft.search', 'words', 'fridays'), /doc:1/);
    assert.equal(await other.cli('json.get', 'json:1', '$.a[1]'), '[2]');
    assert.deepEqual(await contents(other.cli), await contents(redis.cli));
  });

  it('keeps seven days and four weeks, the newest of each', async () => {
    await using redis = await startRedis();
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'weekly'));
    for (let day = 10; day < 20; day++)
      for (const kind of ['rdb', 'json'])
        await writeFile(join(folder.path, `redis-202001${day}.${kind}`), '');
    for (let week = 10; week < 16; week++)
      for (const kind of ['rdb', 'json'])
        await writeFile(join(folder.path, 'weekly', `redis-2020-W${week}.${kind}`), '');
    const copy = await backup(redis, folder.path);
    const copies = (await readdir(folder.path)).filter(name => name.startsWith('redis-'));
    const days = copies.filter(name => name.endsWith('.rdb'));
    assert.equal(days.length, 7);
    assert.deepEqual(
      days.slice(0, 6),
      [14, 15, 16, 17, 18, 19].map(day => `redis-202001${day}.rdb`),
    );
    assert.equal(join(folder.path, days[6]!), copy);
    assert.deepEqual(
      copies.filter(name => name.endsWith('.json')),
      days.map(name => name.replace('.rdb', '.json')),
    );
    const weeks = await readdir(join(folder.path, 'weekly'));
    assert.equal(weeks.length, 8);
    const newest = weeks.filter(name => name.endsWith('.rdb')).at(-1)!;
    assert.deepEqual(await readFile(join(folder.path, 'weekly', newest)), await readFile(copy));
  });

  it('keeps what it has just made, also where the clock was ahead before', async () => {
    await using redis = await startRedis();
    await using folder = await temporaryFolder();
    const weekly = join(folder.path, 'weekly');
    await mkdir(weekly);
    for (let i = 10; i < 19; i++) {
      await writeFile(join(folder.path, `redis-909001${i}.rdb`), '');
      await writeFile(join(weekly, `redis-9090-W${i}.rdb`), '');
    }
    const made = await readFile(await backup(redis, folder.path));
    const [oldest] = (await readdir(weekly)).filter(name => name.endsWith('.rdb')).sort();
    assert.deepEqual(await readFile(join(weekly, oldest!)), made);
  });

  it('fails, and leaves what was there, where Redis cannot write or does not answer', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await redis.cli('set', 'key', 'value');
    const copy = await backup(redis, folder.path);
    const good = await readFile(copy);
    const [, dir] = (await redis.cli('config', 'get', 'dir')).split('\n');
    await rm(dir!, { recursive: true });
    await assert.rejects(backup(redis, folder.path), failsWith(/could not write its snapshot/));
    await redis.kill();
    await assert.rejects(backup(redis, folder.path), failsWith(/Connection refused/));
    assert.deepEqual(await readFile(copy), good);
    assert.deepEqual(
      (await readdir(folder.path)).filter(name => name.startsWith('.work')),
      [],
    );
  });

  it('says how it is called', async () => {
    for (const script of ['backup.sh', 'restore.sh'])
      await assert.rejects(run(join(DEPLOY, 'backup', script), []), ({ stderr }: { stderr: string }) =>
        stderr.startsWith(`usage: ${script} <`),
      );
  });

  it('makes one copy at a time', async () => {
    await using redis = await startRedis();
    await using folder = await temporaryFolder();
    const holder = spawn('flock', [join(folder.path, '.lock'), 'cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      holder.stdin.write('held\n');
      await once(holder.stdout, 'data');
      await assert.rejects(backup(redis, folder.path), failsWith(/Another backup/));
    } finally {
      holder.stdin.end();
    }
  });

  it('restores nothing that is damaged, and replaces nothing', async () => {
    await using redis = await startRedis();
    await using folder = await temporaryFolder();
    await redis.cli('debug', 'populate', '100');
    const copy = await backup(redis, folder.path);
    const about = copy.replace('.rdb', '.json');
    const data = join(folder.path, 'data');
    await mkdir(data);
    await writeFile(join(data, 'mine'), '');
    await assert.rejects(restore(copy, data), failsWith(/is not empty/));
    assert.deepEqual(await readdir(data), ['mine']);
    await rm(join(data, 'mine'));

    const text = await readFile(about, 'utf8');
    await writeFile(about, text.replace('"keys": 100', '"keys": 101'));
    await assert.rejects(restore(copy, data), failsWith(/101 keys were backed up, and 100 restored/));
    await writeFile(about, text.replace(/"digest": "\w{4}/, '"digest": "0000'));
    await assert.rejects(restore(copy, data), failsWith(/checksum/));
    await writeFile(about, text);
    await appendFile(copy, 'more');
    await assert.rejects(restore(copy, data), failsWith(/SHA-256 differs/));
    await rm(about);
    await assert.rejects(restore(copy, data), failsWith(/There is no .*\.json/));
    assert.deepEqual(await readdir(data), []);
  });
});

/** Appends to a list, one after the other; `acknowledged` has what Redis has answered. */
async function write(redis: RedisServer, acknowledged: string[], signal: AbortSignal): Promise<void> {
  const cli = spawn('redis-cli', ['-p', `${redis.port}`], { stdio: ['pipe', 'pipe', 'ignore'] });
  cli.stdout.setEncoding('utf8');
  for (let i = 0; !signal.aborted; i++) {
    cli.stdin.write(`rpush written entry-${i}\n`);
    await once(cli.stdout, 'data');
    acknowledged.push(`entry-${i}`);
  }
  cli.stdin.end();
  await once(cli, 'exit');
}
