import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import { JOB_STATES } from '../../../src/engine/ports/jobQueue.ts';
import { type OpenJobs, QUICK } from '../../fixtures/openJobs.ts';
import { until } from '../../fixtures/until.ts';
import { doing } from './doing.ts';

const none = { waiting: 0, delayed: 0, active: 0, completed: 0, dead: 0 };

/** What is kept of jobs, and what an operator does with them. */
export function keptJobsContract(name: string, open: () => Promise<OpenJobs>): void {
  describe(`${name} keeps jobs`, () => {
    it('that another process sees', async () => {
      await using jobs = await open();
      const before = Date.now();
      const { id, added } = await jobs.queue.add({ name: 'count', payload: { to: 3 } });
      assert.equal(added, true);
      const found = await jobs.other.find(id);
      assert.ok(found);
      const { createdAt, dueAt, ...rest } = found;
      assert.ok(createdAt >= before && createdAt <= Date.now());
      assert.equal(dueAt, createdAt);
      assert.deepEqual(rest, {
        ...{ id, name: 'count', payload: { to: 3 }, state: 'waiting', progress: null, attempts: 0 },
        ...{ result: null, problem: null, startedAt: null, finishedAt: null },
      });
      assert.equal(await jobs.queue.find('another'), undefined);
    });

    it('by their state, the newest first', async () => {
      await using jobs = await open();
      await jobs.queue.add({ name: 'a', payload: {}, key: 'first' });
      await until(async () => (await jobs.queue.find('first'))!.createdAt < Date.now());
      await jobs.queue.add({ name: 'b', payload: {}, key: 'second', delayMs: 60_000 });
      const ids = async (...given: Parameters<typeof jobs.queue.list>) =>
        (await jobs.queue.list(...given)).map(job => job.id);
      assert.deepEqual(await ids(JOB_STATES, 10), ['second', 'first']);
      assert.deepEqual(await ids(JOB_STATES, 1), ['second']);
      assert.deepEqual(await ids(['waiting'], 10), ['first']);
      const [late] = await jobs.queue.list(['delayed'], 10);
      assert.equal(late!.dueAt, late!.createdAt + 60_000);
      const { byState, paused } = await jobs.queue.counts();
      assert.deepEqual([byState, paused], [{ ...none, waiting: 1, delayed: 1 }, false]);
      await assert.rejects(jobs.queue.list(JOB_STATES, 1001), { code: 'invalid_input' });
    });

    it('once for each key, also when it is done', async () => {
      await using jobs = await open();
      const request = { name: 'count', payload: { n: 1 }, key: 'the-key.1_2' };
      const both = await Promise.all([
        jobs.queue.add(request),
        jobs.other.add({ ...request, payload: { n: 2 } }),
      ]);
      assert.deepEqual(both.map(({ id, added }) => `${id} ${added}`).sort(), [
        'the-key.1_2 false',
        'the-key.1_2 true',
      ]);
      const runs: unknown[] = [];
      doing(jobs.queue, async ({ payload }) => void runs.push(payload['n']));
      await until(async () => (await jobs.queue.find(request.key))!.state === 'completed');
      assert.equal((await jobs.other.add(request)).added, false);
      assert.deepEqual((await jobs.queue.counts()).byState, { ...none, completed: 1 });
      assert.deepEqual(runs, [both[0]!.added ? 1 : 2]);
    });

    for (const key of ['', '12', 'a:b', 'a b', 'ä', 'x'.repeat(129)])
      it(`and refuses ${key === '' ? 'an empty text' : key.slice(0, 10)} as a key`, async () => {
        await using jobs = await open();
        await assert.rejects(jobs.queue.add({ name: 'a', payload: {}, key }), { code: 'invalid_input' });
      });

    it('and refuses payloads that are too long, and delays that are none', async () => {
      await using jobs = await open();
      const long = { text: 'x'.repeat(100_000) };
      await assert.rejects(jobs.queue.add({ name: 'a', payload: long }), { code: 'invalid_input' });
      for (const delayMs of [-1, 0.5, Number.NaN])
        await assert.rejects(jobs.queue.add({ name: 'a', payload: {}, delayMs }), { code: 'invalid_input' });
      assert.deepEqual((await jobs.queue.counts()).byState, none);
    });

    it('that are dead until somebody requeues or purges them', async () => {
      await using jobs = await open();
      let broken = true;
      doing(jobs.queue, async () => {
        if (broken) throw new MemoryError('invalid_input', 'The payload is none.', 'Give another.');
      });
      for (const key of ['one', 'two', 'three']) await jobs.queue.add({ name: 'a', payload: {}, key });
      await until(async () => (await jobs.queue.counts()).byState.dead === 3);
      const dead = await jobs.other.list(['dead'], 10);
      assert.deepEqual(
        dead.map(({ attempts, problem }) => [attempts, problem]),
        dead.map(() => [1, 'The payload is none. Give another.']),
      );
      assert.ok(dead.every(({ finishedAt, dueAt }) => finishedAt !== null && dueAt === null));

      assert.equal(await jobs.other.purge('dead', ['one', 'nobody']), 1);
      assert.equal(await jobs.other.purge('waiting', ['two']), 0);
      broken = false;
      assert.equal(await jobs.other.requeue(['two', 'one']), 1);
      await until(async () => (await jobs.queue.find('two'))!.state === 'completed');
      const { problem, attempts } = (await jobs.queue.find('two'))!;
      assert.deepEqual([problem, attempts], [null, 1]);

      broken = true;
      assert.equal(await jobs.other.requeue(), 1);
      await until(async () => (await jobs.queue.find('three'))!.state === 'dead');
      assert.equal(await jobs.other.purge('dead'), 1);
      assert.deepEqual((await jobs.queue.counts()).byState, { ...none, completed: 1 });
    });

    it('that wait, and leaves those under way alone', async () => {
      await using jobs = await open();
      let end = () => {};
      const held = new Promise<void>(resolve => {
        end = resolve;
      });
      doing(jobs.queue, () => held, { concurrency: 1 });
      await jobs.queue.add({ name: 'a', payload: {}, key: 'held' });
      await until(async () => (await jobs.queue.find('held'))!.state === 'active');
      await jobs.queue.add({ name: 'a', payload: {}, key: 'next' });
      await jobs.queue.add({ name: 'a', payload: {}, key: 'late', delayMs: 60_000 });
      assert.equal(await jobs.other.purge('waiting', ['held', 'next']), 1);
      assert.equal(await jobs.other.purge('delayed'), 1);
      end();
      await until(async () => (await jobs.queue.find('held'))!.state === 'completed');
      assert.equal(await jobs.other.purge('completed'), 1);
      assert.deepEqual((await jobs.queue.counts()).byState, none);
    });

    it('that fail with what is no error, and say what it was', async () => {
      await using jobs = await open();
      const thrown = [undefined, null, 'words', 7, {}];
      doing(jobs.queue, async ({ payload }) => {
        throw thrown[payload['which'] as number];
      });
      for (const which of thrown.keys())
        await jobs.queue.add({ name: 'odd', payload: { which }, key: `odd-${which}` });
      for (const [which, error] of thrown.entries()) {
        await until(async () => (await jobs.queue.find(`odd-${which}`))!.state === 'dead');
        assert.equal((await jobs.queue.find(`odd-${which}`))!.problem, String(error));
      }
    });

    it('whose attempts fail until they are dead, with pauses between', async () => {
      await using jobs = await open();
      const began: number[] = [];
      const dead: boolean[] = [];
      doing(
        jobs.queue,
        async ({ attempt }) => {
          began.push(performance.now());
          throw new Error(`attempt ${attempt}`);
        },
        { onEvent: event => event.kind === 'failed' && dead.push(event.dead) },
      );
      await jobs.queue.add({ name: 'poison', payload: {}, key: 'poison' });
      await until(async () => (await jobs.queue.find('poison'))!.state === 'dead');
      const { attempts, problem, result } = (await jobs.queue.find('poison'))!;
      assert.deepEqual([attempts, problem, result], [QUICK.starts, `attempt ${QUICK.starts}`, null]);
      const pauses = began.slice(1).map((at, i) => at - began[i]!);
      assert.ok(
        pauses.every((pause, i) => pause >= QUICK.firstPauseMs * 2 ** i - 2),
        `${pauses}`,
      );
      await until(() => dead.length === QUICK.starts);
      assert.deepEqual(dead, [false, false, false, true]);
    });
  });
}
