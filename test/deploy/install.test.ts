import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'dotenv';
import { packageRoot } from '../../src/main/assets.ts';
import { dockerContext } from '../fixtures/dockerContext.ts';
import { freePort } from '../fixtures/redis.ts';
import { DEPLOY } from '../fixtures/shippedRedis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

const run = promisify(execFile);
const INSTALL = join(DEPLOY, 'install.sh');
const PROGRAM = '/opt/memory-central';

/** `name:x:uid:gid:…` of the installed root. */
async function idsOf(root: string, user: string): Promise<{ uid: number; gid: number }> {
  const line = (await readFile(join(root, 'etc/passwd'), 'utf8'))
    .split('\n')
    .find(one => one.startsWith(`${user}:`))!;
  const [, , uid, gid] = line.split(':').map(Number);
  return { uid: uid!, gid: gid! };
}

describe('deploy/install.sh', function () {
  this.timeout(240_000);

  it('makes users, folders and units, from which the server starts; once more, it keeps every setting', async () => {
    await using folder = await temporaryFolder();
    // Users that are not root get there, too.
    await chmod(folder.path, 0o755);
    const root = join(folder.path, 'root');
    const program = await stagedAsInTheImage(folder.path);
    await run(INSTALL, ['--root', root, '--program', program]);
    const settings = join(root, 'etc/memory-central/memory-central.env');
    const server = await idsOf(root, 'memory-central');
    for (const [path, mode, owner] of [
      ['var/lib/memory-central', 0o700, server],
      ['var/backups/memory-central', 0o700, await idsOf(root, 'memory-central-backup')],
      ['etc/memory-central/memory-central.env', 0o640, { uid: 0, gid: server.gid }],
    ] as const) {
      const { mode: found, uid, gid } = await stat(join(root, path));
      assert.deepEqual([path, found & 0o777, uid, gid], [path, mode, owner.uid, owner.gid]);
    }
    await starts(root, server, await readFile(settings, 'utf8'));

    await appendFile(settings, 'MEMORY_AGENT=mine\n');
    const before = await readFile(settings, 'utf8');
    assert.match(before, /^MEMORY_ENCRYPTION_KEY=.{44}$/m);
    await writeFile(join(root, PROGRAM, 'left-over'), '');
    await run(INSTALL, ['--root', root, '--program', program]);
    assert.equal(await readFile(settings, 'utf8'), before);
    assert.deepEqual(await idsOf(root, 'memory-central'), server);
    const files = await readdir(join(root, PROGRAM));
    assert.ok(files.includes('dist') && !files.includes('left-over'));
  });
});

/** What the Dockerfile makes of the files that .dockerignore lets in. @returns its /app */
async function stagedAsInTheImage(folder: string): Promise<string> {
  const context = join(folder, 'context');
  const app = join(folder, 'app');
  const names = await readdir(packageRoot);
  for (const pattern of await dockerContext())
    for (const name of names.filter(name => pattern.test(name)))
      await cp(join(packageRoot, name), join(context, name), { recursive: true });
  await symlink(join(packageRoot, 'node_modules'), join(context, 'node_modules'));
  const dockerfile = await readFile(join(DEPLOY, 'Dockerfile'), 'utf8');
  const [, command] = /^RUN (node .+) \/app$/m.exec(dockerfile)!;
  await run(process.execPath, [...command!.split(' ').slice(1), app], { cwd: context });
  return app;
}

/** The command of the unit, as its user, with its settings, on free ports. */
async function starts(root: string, ids: { uid: number; gid: number }, settings: string): Promise<void> {
  const unit = await readFile(join(root, 'etc/systemd/system/memory-central.service'), 'utf8');
  const [, program, args] = /^ExecStart=(\/usr\/bin\/node) (.+)$/m.exec(unit)!;
  assert.equal(program, '/usr/bin/node');
  const [rest, mcp] = [await freePort(), await freePort()];
  const data = join(root, 'var/lib/memory-central');
  const words = args!.replace(PROGRAM, join(root, PROGRAM)).split(' ');
  const child = spawn(process.execPath, words, {
    ...ids,
    cwd: data,
    env: {
      ...parse(settings),
      MEMORY_CENTRAL_HOME: data,
      HOME: data,
      API_PORT: `${rest}`,
      MCP_PORT: `${mcp}`,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  try {
    const url = `http://127.0.0.1:${rest}`;
    await until(async () => {
      assert.equal(child.exitCode, null, said);
      return (await fetch(`${url}/v1/health/ready`)).ok;
    });
    // A token of its own guards it.
    assert.equal((await fetch(`${url}/v1/tools/memory_stats`, { method: 'POST' })).status, 401);
    assert.equal((await stat(join(data, 'memory.db'))).uid, ids.uid);
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null], said);
  }
}

describe('the units of deploy/systemd', function () {
  this.timeout(60_000);
  /** What systemd-analyze says of how much a service may do, from 0 (nothing) to 10. */
  const MOST_EXPOSED = '1.5';
  const services = ['memory-central', 'memory-central-worker', 'memory-central-backup'];

  it(`are hardened: systemd-analyze security finds each at most ${MOST_EXPOSED} of 10 exposed`, async () => {
    const files = services.map(name => join(DEPLOY, 'systemd', `${name}.service`));
    const threshold = `--threshold=${Number(MOST_EXPOSED) * 10}`;
    for (const file of files) await run('systemd-analyze', ['security', '--offline=true', threshold, file]);
  });

  it('are taken by systemd-analyze verify', async () => {
    await using folder = await temporaryFolder();
    const units = join(folder.path, 'units');
    await mkdir(units);
    for (const name of await readdir(join(DEPLOY, 'systemd'))) {
      if (!/\.(service|timer)$/.test(name)) continue;
      const text = (await readFile(join(DEPLOY, 'systemd', name), 'utf8'))
        .replace('/usr/bin/node', process.execPath)
        .replaceAll(`${PROGRAM}/deploy`, DEPLOY);
      await writeFile(join(units, name), text);
    }
    const { stderr } = await run('systemd-analyze', [
      'verify',
      ...(await readdir(units)).map(name => join(units, name)),
    ]);
    assert.equal(stderr, '');
    await run('systemd-analyze', ['calendar', '*-*-* 02:30:00']);
  });
});
