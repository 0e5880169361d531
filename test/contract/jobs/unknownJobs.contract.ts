import assert from 'node:assert/strict';
import type { JobRules } from '../../../src/engine/jobs/jobRules.ts';
import type { JobAttempt, JobEvent } from '../../../src/engine/ports/jobQueue.ts';
import type { OpenJobs } from '../../fixtures/openJobs.ts';
import { until } from '../../fixtures/until.ts';
import { doing } from './doing.ts';

/** An older worker, which knows jobs of the name `old`. */
const older = { knows: (name: string): boolean => name === 'old' };

/** What becomes of jobs that a worker does not know, as while one after the other is updated. */
export function unknownJobsContract(
  name: string,
  open: (rules?: Partial<JobRules>) => Promise<OpenJobs>,
): void {
  describe(`${name} keeps jobs that a worker does not know`, () => {
    it('for one that does, and tells why they wait', async () => {
      await using jobs = await open();
      const events: JobEvent[] = [];
      const did: JobAttempt[] = [];
      const before = Date.now();
      const worker = doing(jobs.queue, async ({ name }) => void assert.equal(name, 'old'), {
        ...{ ...older, onEvent: event => events.push(event) },
      });
      await jobs.queue.add({ name: 'new', payload: { to: 3 }, key: 'ours' });
      const left = () => events.find(({ kind }) => kind === 'left');
      await until(() => left() !== undefined);
      await until(async () => (await jobs.other.find('ours'))!.state === 'delayed');
      const { attempts, dueAt, finishedAt, problem, startedAt } = (await jobs.other.find('ours'))!;
      assert.deepEqual([attempts, startedAt, finishedAt], [0, null, null]);
      assert.ok(dueAt! > before);
      assert.match(
        problem!,
        /^No worker that took it knows a job "new": until \S+Z it waits for one that does/,
      );
      assert.deepEqual(left(), { kind: 'left', id: 'ours', name: 'new', problem });
      // What comes after it does not wait with it.
      await jobs.queue.add({ name: 'old', payload: {}, key: 'theirs' });
      await until(async () => (await jobs.queue.find('theirs'))!.state === 'completed');

      doing(jobs.other, async attempt => void did.push(attempt));
      // Else both would look, and either might have it.
      await worker.stop(1_000);
      await until(async () => (await jobs.queue.find('ours'))!.state === 'completed');
      assert.deepEqual(
        did.filter(({ name }) => name === 'new').map(({ id, attempt, payload }) => [id, attempt, payload]),
        [['ours', 1, { to: 3 }]],
      );
      const done = (await jobs.queue.find('ours'))!;
      assert.deepEqual([done.attempts, done.problem], [1, null]);
      assert.ok(!events.some(({ kind }) => kind === 'failed'));
    });

    it('also those that failed, with the attempts that they had', async () => {
      await using jobs = await open();
      let stopped: Promise<void> | undefined;
      const newer = doing(jobs.other, async () => {
        stopped = newer.stop(60_000);
        throw new Error('not yet');
      });
      await jobs.queue.add({ name: 'new', payload: {}, key: 'ours' });
      await until(async () => (await jobs.queue.find('ours'))!.problem === 'not yet');
      await stopped;
      let left = false;
      const worker = doing(jobs.queue, async () => {}, {
        ...{ ...older, onEvent: ({ kind }) => (left ||= kind === 'left') },
      });
      await until(() => left);
      await worker.stop(1_000);
      assert.equal((await jobs.queue.find('ours'))!.attempts, 1);
      doing(jobs.other, async () => {});
      await until(async () => (await jobs.queue.find('ours'))!.state === 'completed');
      assert.equal((await jobs.queue.find('ours'))!.attempts, 2);
    });

    it('until a time is over; then they are dead, and can be retried', async () => {
      await using jobs = await open({ unknownMs: 1 });
      const events: JobEvent[] = [];
      const worker = doing(jobs.queue, async () => {}, {
        ...{ ...older, onEvent: event => events.push(event) },
      });
      await jobs.queue.add({ name: 'new', payload: {}, key: 'ours' });
      await until(async () => (await jobs.queue.find('ours'))!.state === 'dead');
      const { attempts, finishedAt, problem } = (await jobs.queue.find('ours'))!;
      assert.deepEqual([attempts, typeof finishedAt], [0, 'number']);
      assert.match(problem!, /^No worker that took it knows a job "new"\. Start one that does/);
      await until(() => events.at(-1)?.kind === 'failed');
      assert.deepEqual(events.at(-1), { kind: 'failed', id: 'ours', name: 'new', problem, dead: true });
      await worker.stop(1_000);
      assert.equal(await jobs.other.requeue(['ours']), 1);
      doing(jobs.other, async () => {});
      await until(async () => (await jobs.queue.find('ours'))!.state === 'completed');
      assert.equal((await jobs.queue.find('ours'))!.attempts, 1);
    });

    it('of a schedule one', async () => {
      await using jobs = await open();
      const left = new Set<string>();
      const worker = doing(jobs.queue, async () => {}, {
        ...{ ...older, onEvent: event => event.kind === 'left' && left.add(event.id) },
      });
      await jobs.queue.schedule({ id: 'often', name: 'new', payload: {}, everyMs: 100 });
      await until(() => left.size > 3);
      await worker.stop(1_000);
      const kept = await jobs.other.list(['waiting', 'delayed', 'dead'], 10);
      assert.equal(kept.filter(({ problem }) => problem !== null).length, 1);
    });
  });
}
