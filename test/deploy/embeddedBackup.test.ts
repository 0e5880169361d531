import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { builtProgram } from '../fixtures/builtPrograms.ts';
import { cliHome } from '../fixtures/cli.ts';
import { until } from '../fixtures/until.ts';

type Home = Awaited<ReturnType<typeof cliHome>>;

/** `memory-central worker` of this home, until it is disposed. */
async function startWorker({ home, data }: Home): Promise<AsyncDisposable> {
  const child = spawn(process.execPath, [await builtProgram('cli'), 'worker'], {
    cwd: home,
    env: {
      ...{ PATH: process.env['PATH'], HOME: home, MEMORY_CENTRAL_HOME: data },
      ...{ EMBEDDING_PROVIDER: 'off', WORKER_SCHEDULE: 'backup=off' },
    },
    stdio: 'ignore',
  });
  return {
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** @returns path of the copy that the worker made */
async function backup(home: Home): Promise<string> {
  const { job_id: id } = await home.json(['run-job', '--name', 'backup']);
  let file = '';
  await until(async () => {
    const { jobs } = (await home.json(['list-jobs', '--job-id', `${id}`])) as {
      jobs: { result?: { file: string } }[];
    };
    file = jobs[0]?.result?.file ?? '';
    return file !== '';
  });
  return file;
}

/** Every memory with every field and version, a line each, in one order. */
async function exported(home: Home, name: string): Promise<string[]> {
  const file = join(home.home, name);
  await home.json(['export', file, '--namespace', '*', '--versions']);
  const [, ...lines] = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.sort();
}

/** A home whose store is this copy, as docs/operations.md says. */
async function restored(copy: string): Promise<Home> {
  const home = await cliHome();
  await mkdir(home.data, { mode: 0o700, recursive: true });
  await cp(copy, join(home.data, 'memory.db'));
  return home;
}

describe('the backup of an embedded store', function () {
  this.timeout(240_000);

  it('holds what was acknowledged while others write, and elsewhere exactly what was there, by count and content', async () => {
    await using home = await cliHome();
    await home.json(['store', 'Deploys happen on Fridays']);
    await using _worker = await startWorker(home);
    const acknowledged: unknown[] = [];
    let isWriting = true;
    const writing = (async () => {
      while (isWriting)
        acknowledged.push((await home.json(['store', `Note number ${acknowledged.length}`]))['id']);
    })();
    await until(() => acknowledged.length >= 3);
    const before = [...acknowledged];
    const duringWrites = await backup(home);
    isWriting = false;
    await writing;
    await using first = await restored(duringWrites);
    const found = (await exported(first, 'all.jsonl')).join('\n');
    assert.deepEqual(
      before.filter(id => !found.includes(`${id}`)),
      [],
    );

    const copy = await backup(home);
    assert.equal(dirname(copy), join(home.data, 'backups'));
    await using second = await restored(copy);
    const lines = await exported(home, 'all.jsonl');
    assert.equal(lines.length, acknowledged.length + 1);
    assert.deepEqual(await exported(second, 'all.jsonl'), lines);
    const { checks } = (await second.json(['doctor'])) as { checks: { level: string; check: string }[] };
    assert.deepEqual(
      checks.filter(({ level, check }) => level === 'fail' && check !== 'embeddings'),
      [],
    );
  });
});
