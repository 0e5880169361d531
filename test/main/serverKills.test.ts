import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askTool } from '../fixtures/lanLoad.ts';
import { startRedis } from '../fixtures/redis.ts';
import { type ServerProcess, serverProcess } from '../fixtures/serverProcess.ts';
import { type Acknowledged, SweepClient } from '../fixtures/sweepClient.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';
import { type WorkerProcess, workerProcess } from '../fixtures/workerProcess.ts';

const FULL = process.env['CHAOS'] === 'full';
/** In each, one of the four is killed. */
const ROUNDS = FULL ? 100 : 4;
const CLIENTS = 3;
const LATEST_KILL_MS = 300;
const SCHEDULE = 'learn=off backup=off compact=off embed=off expire=2s promote=off';

describe('two servers and two workers of one central Redis, one of which is killed at any moment', function () {
  this.timeout(FULL ? 3_600_000 : 180_000);

  it('make each change once, and both know all that either acknowledged', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis({ config: { appendfsync: 'always' } });
    const env = { REDIS_URL: redis.url, MEMORY_NAMESPACE: 'shop' };
    const homeOf = async (name: string) => {
      const home = join(folder.path, name);
      await mkdir(home, { recursive: true });
      return home;
    };
    const startServer = async (i: number) => serverProcess({ home: await homeOf(`server${i}`), env });
    const startWorker = async (i: number) =>
      workerProcess({ home: await homeOf(`worker${i}`), env: { ...env, WORKER_SCHEDULE: SCHEDULE } });
    const servers: ServerProcess[] = [];
    const workers: WorkerProcess[] = [];
    const ended: WorkerProcess[] = [];
    try {
      for (const i of [0, 1]) servers.push(await startServer(i));
      for (const i of [0, 1]) workers.push(await startWorker(i));
      await Promise.all(workers.map(worker => worker.ready()));
      const client = new SweepClient([0, 1].map(i => () => servers[i]!));
      for (let round = 0; round < ROUNDS; round++) {
        const changes = Promise.all(Array.from({ length: CLIENTS }, (_, i) => client.change(round + i)));
        changes.catch(() => {});
        await sleep(Math.random() * LATEST_KILL_MS);
        const i = Math.floor(round / 2) % 2;
        if (round % 2 === 0) {
          await servers[i]!.end('SIGKILL');
          servers[i] = await startServer(i);
        } else {
          workers[i]!.child.kill('SIGKILL');
          await workers[i]!.ended;
          ended.push(workers[i]!);
          workers[i] = await startWorker(i);
        }
        await changes;
      }
      const { acknowledged } = client;
      for (const { rest } of servers) {
        await checkMemories(rest, acknowledged);
        await checkTasks(rest, acknowledged);
        await checkNotes(rest, acknowledged);
        await checkJobs(rest, acknowledged);
      }
      for (const { child } of workers) child.kill('SIGTERM');
      assert.deepEqual(await Promise.all(workers.map(worker => worker.ended)), [0, 0]);
      checkCompletions([...workers, ...ended]);
      const { again, jobs, memories, notes, tasks } = acknowledged;
      console.log(
        `      ${ROUNDS} kills; acknowledged: ${memories.size} memories, ${tasks.size} tasks, ${notes.size} notes, ${jobs.size} jobs; ${again} requests were sent again`,
      );
    } finally {
      for (const one of [...servers, ...workers]) await one[Symbol.asyncDispose]();
    }
  });
});

/** Each is there, with its content, and no other. */
async function checkMemories(rest: string, { memories }: Acknowledged): Promise<void> {
  const found = new Map<string, string>();
  for (;;) {
    const page = { limit: 1000, offset: found.size };
    const { memories, total } = await askTool(rest, 'get_agent_memories', page);
    for (const { content, id } of memories as { id: string; content: string }[]) found.set(id, content);
    if (found.size >= (total as number)) break;
  }
  assert.deepEqual([...found].sort(), [...memories].sort());
}

/** Each was completed, once, and none waits for anybody. */
async function checkTasks(rest: string, { tasks }: Acknowledged): Promise<void> {
  const { by_state } = await askTool(rest, 'task_stats', {});
  const left = Object.entries(by_state as Record<string, number>).filter(([, count]) => count > 0);
  assert.deepEqual(left, [['completed', tasks.size]]);
  for (const task_id of tasks) {
    const { history } = await askTool(rest, 'task_history', { task_id });
    const events = (history as { event: string }[]).map(({ event }) => event);
    assert.equal(events.filter(event => event === 'complete').length, 1, `${task_id}: ${events}`);
  }
}

/** Each was left once to whom it was meant for. */
async function checkNotes(rest: string, { notes }: Acknowledged): Promise<void> {
  for (const [agent_id, note] of notes) {
    const { contexts } = await askTool(rest, 'get_shared_context', { agent_id });
    assert.deepEqual(
      (contexts as { content: string }[]).map(({ content }) => content),
      [note],
    );
  }
}

/** A dead worker's job is begun again when its lease has ended. */
async function checkJobs(rest: string, { jobs }: Acknowledged): Promise<void> {
  for (const job_id of jobs)
    await until(async () => {
      const { jobs } = await askTool(rest, 'list_jobs', { job_id });
      return (jobs as { state: string }[])[0]?.state === 'completed';
    });
}

/** No two workers said of a job that it is done. */
function checkCompletions(workers: readonly WorkerProcess[]): void {
  const completed = workers.flatMap(worker =>
    Array.from(worker.said().matchAll(/"id":"([^"]+)","msg":"a job was completed"/g), ([, id]) => id),
  );
  assert.equal(new Set(completed).size, completed.length, 'a job was completed twice');
  assert.ok(completed.length > 0);
}
