import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askTool, type LanLoad, startLanLoad } from '../fixtures/lanLoad.ts';
import { startRedis } from '../fixtures/redis.ts';
import { type ServerProcess, serverProcess } from '../fixtures/serverProcess.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';
import { type WorkerProcess, workerProcess } from '../fixtures/workerProcess.ts';

const FULL = process.env['CHAOS'] === 'full';
/** In each, one server dies, then one worker in the midst of a job, then Redis, under load. */
const ROUNDS = FULL ? 20 : 2;
/** Asked for in each round, beside those of schedules; with those fewer than the thousand that are remembered. */
const JOBS = 12;
const NAMES = ['one', 'two'] as const;
const SCHEDULE = 'learn=2s backup=off compact=off embed=off expire=off promote=off';

describe('servers and workers of one central Redis, under load', function () {
  this.timeout(FULL ? 3_600_000 : 600_000);

  it('lose nothing that they acknowledged, and do each job once visibly, whoever is killed', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis({ config: { appendfsync: 'always' } });
    const env = { REDIS_URL: redis.url, REDIS_DEADLINE_MS: '500', MEMORY_NAMESPACE: 'shop' };
    const homeOf = async (name: string) => {
      const home = join(folder.path, name);
      await mkdir(home, { recursive: true });
      return home;
    };
    const start = async (name: string) => serverProcess({ home: await homeOf(name), env });
    // Of one machine, so that one finds the copy of the store that the other has made.
    const desk = await homeOf('desk');
    const startWorker = () =>
      workerProcess({ home: desk, env: { ...env, BACKUP_KEEP: '10000', WORKER_SCHEDULE: SCHEDULE } });
    const servers = new Map<string, ServerProcess>();
    const workers: WorkerProcess[] = [];
    const ended: WorkerProcess[] = [];
    const cutOff: string[] = [];
    let load: LanLoad | undefined;
    try {
      for (const name of NAMES) servers.set(name, await start(name));
      for (const _ of NAMES) workers.push(await startWorker());
      await Promise.all(workers.map(worker => worker.ready()));
      load = startLanLoad(servers);
      for (let round = 0; round < ROUNDS; round++) {
        const i = round % NAMES.length;
        const name = NAMES[i]!;
        const asking = load.askForJobs(JOBS);
        await load.more(100);
        await servers.get(name)!.end('SIGKILL');
        servers.delete(name);
        await load.more(30);
        servers.set(name, await start(name));
        cutOff.push(await killInTheMidst(workers[i]!, servers.get(name)!.rest));
        ended.push(workers[i]!);
        await load.more(30);
        workers[i] = await startWorker();
        await load.more(30);
        await redis.kill();
        // Each keeps it in its outbox meanwhile.
        await load.more(30);
        await redis.restart();
        await asking;
      }
      await load.more(30);
      await load.end();
      // What waits in an outbox is acknowledged, too: it gets to Redis while its server lives.
      await Promise.all(Array.from(servers.values(), ({ rest }) => until(() => nothingWaits(rest))));
      for (const server of servers.values()) assert.equal(await server.end('SIGTERM'), 0);
      const fresh = await start('fresh');
      servers.set('fresh', fresh);
      // Reads what is still in the queue: nobody adds to it any more.
      const last = await askTool(fresh.rest, 'run_job', { name: 'learn', key: 'learn-last' });
      assert.equal(last['job_id'], 'learn-last');
      const again = await allDone(fresh.rest, [...load.jobs, ...cutOff, 'learn-last']);
      for (const { child } of workers) child.kill('SIGTERM');
      assert.deepEqual(await Promise.all(workers.map(worker => worker.ended)), [0, 0]);
      await checkMemories(fresh.rest, load.memories);
      await checkLearnt(fresh.rest, load.entries);
      await checkCopies(join(desk, 'backups'), load.jobs);
      checkCompletions([...workers, ...ended]);
      assert.ok(load.memories.size > 200 * ROUNDS);
      assert.equal(load.jobs.length, JOBS * ROUNDS);
      assert.deepEqual(
        cutOff.filter(id => !again.has(id)),
        [],
      );
      console.log(
        `      acknowledged: ${load.memories.size} memories, ${load.entries.size} entries to learn, ${load.jobs.length} jobs beside those of a schedule; ${again.size} were begun again`,
      );
    } finally {
      await load?.end();
      for (const one of [...servers.values(), ...workers]) await one[Symbol.asyncDispose]();
    }
  });
});

/** @param rest of a server that runs @returns the job that it did */
async function killInTheMidst({ child, ended, underWay }: WorkerProcess, rest: string): Promise<string> {
  for (;;) {
    await until(() => underWay().length > 0);
    // It does nothing more until it is known whether it has a job still.
    child.kill('SIGSTOP');
    for (const id of underWay()) {
      const { jobs } = await askTool(rest, 'list_jobs', { job_id: id });
      if ((jobs as { state: string }[] | undefined)?.[0]?.state !== 'active') continue;
      child.kill('SIGKILL');
      await ended;
      return id;
    }
    child.kill('SIGCONT');
    // What it has said since is read meanwhile.
    await sleep(20);
  }
}

async function nothingWaits(rest: string): Promise<boolean> {
  const { central } = await askTool(rest, 'memory_stats', {});
  return (central as { waiting?: number } | undefined)?.waiting === 0;
}

/**
 * Waits until the jobs are done, and what was learnt is: a dead worker's job is begun again when its lease has ended, what it had read of
 * the learning queue is given to another after a minute. None is dead. @returns those that were begun more than once
 */
async function allDone(rest: string, jobs: readonly string[]): Promise<ReadonlySet<string>> {
  const again = new Set<string>();
  for (const id of jobs)
    for (;;) {
      const { counts, jobs } = await askTool(rest, 'list_jobs', { job_id: id });
      assert.equal((counts as Record<string, number>)['dead'], 0);
      const [job] = jobs as { state: string; attempts: number }[];
      if (job!.state === 'completed') {
        if (job!.attempts > 1) again.add(id);
        break;
      }
      await sleep(100);
    }
  for (;;) {
    const { pending } = await askTool(rest, 'learning_status', {});
    if ((pending as Record<string, number>)['training_pipeline'] === 0) return again;
    await sleep(100);
  }
}

async function checkMemories(rest: string, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  const missing = [];
  for (const [id, content] of acknowledged)
    if ((await askTool(rest, 'retrieve_memory', { memory_id: id }))['content'] !== content) missing.push(id);
  assert.deepEqual(missing, []);
}

/** Each entry became a memory, once: nothing was written into it again, and no other says the same. */
async function checkLearnt(rest: string, entries: ReadonlyMap<string, string>): Promise<void> {
  const learnt = new Map<string, { content: string; version: number; access_count: number }>();
  for (;;) {
    const { memories, total } = await askTool(rest, 'get_agent_memories', {
      ...{ namespace: 'learning', limit: 1000, offset: learnt.size },
    });
    for (const memory of memories as { id: string; content: string; version: number; access_count: number }[])
      learnt.set(memory.id, memory);
    if (learnt.size >= (total as number)) break;
  }
  const contents = Array.from(learnt.values(), ({ content }) => content);
  assert.equal(new Set(contents).size, contents.length, 'an entry was learnt twice');
  for (const [id, question] of entries) {
    const memory = learnt.get(`learning-${id}`);
    assert.deepEqual(
      [memory?.content, memory?.version, memory?.access_count],
      [`Asked: ${question}\nbash went well`, 1, 0],
    );
  }
}

/** Each job left its copy of the store, once; what a worker that was killed had begun is none. */
async function checkCopies(folder: string, jobs: readonly string[]): Promise<void> {
  const copies = (await readdir(folder)).filter(name => !/\.part(-journal)?$/.test(name));
  const marks = copies.map(name => /-([0-9a-f]{8})\.db$/.exec(name)?.[1]);
  const expected = jobs
    .filter(id => id.startsWith('backup-'))
    .map(id => createHash('sha256').update(id).digest('hex').slice(0, 8));
  assert.deepEqual(marks.sort(), expected.sort());
}

/** No two workers said of a job that it is done. */
function checkCompletions(workers: readonly WorkerProcess[]): void {
  const completed = workers.flatMap(worker =>
    Array.from(worker.said().matchAll(/"id":"([^"]+)","msg":"a job was completed"/g), ([, id]) => id),
  );
  assert.equal(new Set(completed).size, completed.length, 'a job was completed twice');
  assert.ok(completed.length > 0);
}
