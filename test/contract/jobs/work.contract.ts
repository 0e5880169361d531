import assert from 'node:assert/strict';
import type { JobEvent } from '../../../src/engine/ports/jobQueue.ts';
import type { OpenJobs } from '../../fixtures/openJobs.ts';
import { until } from '../../fixtures/until.ts';
import { doing } from './doing.ts';

/** How jobs are done. */
export function workContract(name: string, open: () => Promise<OpenJobs>): void {
  describe(`${name} has jobs done`, () => {
    it('and keeps what they left', async () => {
      await using jobs = await open();
      const events: JobEvent[] = [];
      doing(jobs.queue, async ({ id, name, payload, attempt }) => ({ id, name, payload, attempt }), {
        onEvent: event => events.push(event),
      });
      const { id } = await jobs.other.add({ name: 'count', payload: { to: [1, 2] } });
      await until(async () => (await jobs.other.find(id))!.state === 'completed');
      const { result, attempts, startedAt, finishedAt, dueAt } = (await jobs.other.find(id))!;
      assert.deepEqual(result, { id, name: 'count', payload: { to: [1, 2] }, attempt: 1 });
      assert.deepEqual([attempts, dueAt], [1, null]);
      assert.ok(startedAt! <= finishedAt!);
      await until(() => events.length === 2);
      assert.deepEqual(events, [
        { kind: 'started', id, name: 'count' },
        { kind: 'completed', id, name: 'count' },
      ]);
    });

    it('and tells how far they are', async () => {
      await using jobs = await open();
      let end = () => {};
      const held = new Promise<void>(resolve => {
        end = resolve;
      });
      doing(jobs.queue, async ({ progress }) => {
        for (let done = 0; done <= 200; done++) progress({ done, total: 200 });
        await held;
        progress({ done: 200, total: 200, message: 'all' });
      });
      await jobs.queue.add({ name: 'a', payload: {}, key: 'a' });
      await until(async () => (await jobs.other.find('a'))!.progress?.done === 200);
      end();
      await until(async () => (await jobs.other.find('a'))!.state === 'completed');
      assert.deepEqual((await jobs.other.find('a'))!.progress, { done: 200, total: 200, message: 'all' });
    });

    it('by several workers, each of them once', async () => {
      await using jobs = await open();
      const runs: string[] = [];
      const most = { one: 0, other: 0 };
      const active = { one: 0, other: 0 };
      const work = (who: 'one' | 'other') =>
        doing(who === 'one' ? jobs.queue : jobs.other, async ({ id }) => {
          active[who] += 1;
          most[who] = Math.max(most[who], active[who]);
          runs.push(id);
          await new Promise(resolve => setTimeout(resolve, 1));
          active[who] -= 1;
        });
      work('one');
      work('other');
      const added = await Promise.all(
        Array.from({ length: 60 }, (_, n) => jobs.queue.add({ name: 'a', payload: { n } })),
      );
      await until(async () => (await jobs.queue.counts()).byState.completed === 60);
      assert.deepEqual(runs.sort(), added.map(({ id }) => id).sort());
      assert.ok(most.one <= 2 && most.other <= 2, JSON.stringify(most));
    });

    it('in the order they came', async () => {
      await using jobs = await open();
      const runs: string[] = [];
      for (let n = 0; n < 10; n++) await jobs.queue.add({ name: 'a', payload: {}, key: `job-${n}` });
      doing(jobs.queue, async ({ id }) => void runs.push(id), { concurrency: 1 });
      await until(() => runs.length === 10);
      assert.deepEqual(
        runs,
        Array.from({ length: 10 }, (_, n) => `job-${n}`),
      );
    });

    it('not before their time', async () => {
      await using jobs = await open();
      const began: number[] = [];
      doing(jobs.queue, async () => void began.push(Date.now()));
      await jobs.queue.add({ name: 'a', payload: {}, key: 'late', delayMs: 300 });
      await until(() => began.length > 0);
      const { createdAt } = (await jobs.queue.find('late'))!;
      assert.ok(began[0]! >= createdAt + 300, `${began[0]! - createdAt}`);
    });

    it('by nobody while it is paused, but for those under way', async () => {
      await using jobs = await open();
      let end = () => {};
      const held = new Promise<void>(resolve => {
        end = resolve;
      });
      const runs: string[] = [];
      doing(jobs.queue, async ({ id }) => {
        runs.push(id);
        if (id === 'held') await held;
      });
      await jobs.queue.add({ name: 'a', payload: {}, key: 'held' });
      await until(() => runs.length === 1);
      await jobs.other.pause();
      await jobs.queue.add({ name: 'a', payload: {}, key: 'next' });
      assert.equal((await jobs.queue.counts()).paused, true);
      end();
      await until(async () => (await jobs.queue.find('held'))!.state === 'completed');
      // It is free now, and looks several times: whoever paused is obeyed.
      await new Promise(resolve => setTimeout(resolve, 500));
      assert.deepEqual(runs, ['held']);
      assert.equal((await jobs.queue.find('next'))!.state, 'waiting');
      await jobs.other.resume();
      await until(async () => (await jobs.queue.find('next'))!.state === 'completed');
      assert.deepEqual([runs, (await jobs.queue.counts()).paused], [['held', 'next'], false]);
    });

    it('to their end by a worker that stops', async () => {
      await using jobs = await open();
      let end = () => {};
      const held = new Promise<void>(resolve => {
        end = resolve;
      });
      const worker = doing(jobs.queue, () => held);
      await jobs.queue.add({ name: 'a', payload: {}, key: 'held' });
      await until(() => worker.active === 1);
      const stopped = worker.stop(60_000);
      end();
      await stopped;
      await jobs.queue.add({ name: 'a', payload: {}, key: 'next' });
      assert.equal((await jobs.other.find('held'))!.state, 'completed');
      assert.equal((await jobs.other.find('next'))!.state, 'waiting');
      assert.equal(worker.active, 0);
    });

    it('by another worker, when one stops that cannot end them', async () => {
      await using jobs = await open();
      const events: string[] = [];
      const worker = doing(
        jobs.queue,
        ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
        { onEvent: event => events.push(event.kind) },
      );
      await jobs.queue.add({ name: 'a', payload: {}, key: 'long' });
      await until(() => worker.active === 1);
      await worker.stop(0);
      assert.deepEqual(events, ['started', 'given_back']);
      const { state, problem } = (await jobs.other.find('long'))!;
      assert.deepEqual([state, problem], ['waiting', null]);
      doing(jobs.other, async () => ({ done: true }));
      await until(async () => (await jobs.other.find('long'))!.state === 'completed');
    });

    it('again, when a worker stops whose job does not listen', async () => {
      await using jobs = await open();
      const worker = doing(jobs.queue, () => new Promise(() => {}));
      await jobs.queue.add({ name: 'a', payload: {}, key: 'deaf' });
      await until(() => worker.active === 1);
      await worker.stop(0);
      assert.equal((await jobs.other.find('deaf'))!.state, 'waiting');
    });
  });
}
