import assert from 'node:assert/strict';
import type { OpenTasks } from '../../fixtures/openTasks.ts';
import {
  key,
  LEASE_MS,
  leaseOf,
  stateOf,
  submitAndTake,
  take,
  taskDraft,
  want,
} from '../../fixtures/taskDrafts.ts';
import { refuses } from '../records/refuses.ts';

const broken = { reason: 'broken', retryable: true, jitter: 0.5 };
/** Longer than any machine needs for a test. */
const HOUR = 3_600_000;

/** How tasks of a TaskStore end, or come back. */
export function outcomesContract(name: string, open: () => Promise<OpenTasks>): void {
  describe(`outcomes in ${name}`, () => {
    it('are completed once, with a result', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a');
      await tasks.renew({ lease, progress: 50, note: 'half' });
      const done = await tasks.complete(lease, { files: ['ä.ts'], ok: true }, { tokens: 12 });
      const { state, holder, leaseUntil, result, metrics, progress, note, reason, version } = done;
      assert.deepEqual(
        { state, holder, leaseUntil, result, metrics, progress, note, reason, version },
        {
          ...{ state: 'completed', holder: null, leaseUntil: null, progress: 50, note: 'half', version: 4 },
          ...{ result: { files: ['ä.ts'], ok: true }, metrics: { tokens: 12 }, reason: null },
        },
      );
      assert.equal(done.finishedAt, done.updatedAt);
      assert.deepEqual(await opened.others.get(key('a')), done);
      const repeated = await opened.others.complete(lease, { other: 1 }, {});
      assert.deepEqual(repeated, done);
      await opened.elapse(2 * LEASE_MS);
      assert.equal((await tasks.complete(lease, {}, {})).version, done.version);
      await refuses('stale_lease', tasks.complete({ ...lease, leaseId: 'guessed' }, {}, {}));
      await refuses('stale_lease', tasks.fail(lease, broken));
      await refuses('stale_lease', tasks.renew({ lease }));
    });

    it('are final', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'done');
      await tasks.complete(lease, {}, {});
      await tasks.submit(taskDraft('gone'));
      await tasks.cancel(key('gone'), 'why', 'ada');
      const before = (await tasks.list({}, { limit: 9, offset: 0 })).tasks;
      await refuses('conflict', tasks.cancel(key('done'), 'why', 'ada'));
      for (const id of ['done', 'gone']) {
        await refuses('conflict', tasks.requeue(key(id), 'ada'));
        await refuses('conflict', tasks.answer(key(id), 'yes', 'ada'));
      }
      const again = await tasks.cancel(key('gone'), 'another reason', 'bob');
      assert.deepEqual([again.reason, again.version], ['why', 2]);
      await opened.elapse(HOUR);
      await tasks.tick(10);
      assert.deepEqual(await tasks.claim(want('ann', { count: 9 })), []);
      const after = (await tasks.list({}, { limit: 9, offset: 0 })).tasks;
      assert.deepEqual(
        after.map(({ id, state, version }) => [id, state, version]),
        before.map(({ id, state, version }) => [id, state, version]),
      );
    });

    it('are accepted from one of many that complete at once', async () => {
      await using opened = await open();
      const lease = await submitAndTake(opened.tasks, 'a');
      const calls = Array.from({ length: 10 }, (_, i) =>
        (i % 2 ? opened.tasks : opened.others).complete(lease, { i }, {}),
      );
      const results = (await Promise.all(calls)).map(({ result, version }) =>
        JSON.stringify([result, version]),
      );
      assert.equal(new Set(results).size, 1);
      assert.equal((await opened.tasks.counts(undefined)).completed, 1);
    });

    it('are tried again after a pause that grows', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const retry = { max: 3, baseMs: 100_000, factor: 2, capMs: 300_000 };
      await tasks.submit(taskDraft('a', { retry }));
      for (const [failures, pause] of [100_000, 200_000, 300_000].entries()) {
        const lease = await take(tasks, 'ann');
        const failed = await tasks.fail(lease, { ...broken, reason: `broken ${failures}` });
        const { state, reason, holder, leaseUntil } = failed;
        assert.deepEqual(
          [state, reason, holder, leaseUntil],
          ['retry_wait', `broken ${failures}`, null, null],
        );
        assert.equal(failed.failures, failures + 1);
        assert.equal(failed.dueAt! - failed.updatedAt, pause / 2);
        await opened.elapse(pause / 2 - 20_000);
        assert.deepEqual(await tasks.claim(want('ann')), []);
        await opened.elapse(20_000);
      }
      const last = await take(tasks, 'ann');
      const dead = await tasks.fail(last, { ...broken, reason: 'for good' });
      assert.deepEqual([dead.state, dead.failures, dead.reason, dead.dueAt], ['dead', 4, 'for good', null]);
      assert.equal(dead.finishedAt, dead.updatedAt);
      assert.deepEqual(await tasks.fail(last, broken), dead);
      const { died, retried } = await tasks.counts(undefined);
      assert.deepEqual([died, retried], [1, 3]);
    });

    it('are tried again after the pause that the failure names, or at once', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const first = await submitAndTake(tasks, 'a');
      const late = await tasks.fail(first, { ...broken, retryAfterMs: 500_000 });
      assert.equal(late.dueAt! - late.updatedAt, 500_000);
      await opened.elapse(500_000);
      const second = await take(tasks, 'ann');
      await tasks.fail(second, { ...broken, retryAfterMs: 0 });
      const third = await take(tasks, 'ann');
      assert.equal(third.fence, 3);
      const huge = { max: 100, baseMs: 0, factor: 1e300, capMs: 1000 };
      const other = await submitAndTake(tasks, 'b', { retry: huge });
      await tasks.fail(other, broken);
      const again = await take(tasks, 'ann', { ids: ['b'] });
      const failed = await tasks.fail(again, broken);
      assert.deepEqual([failed.state, failed.dueAt], ['retry_wait', failed.updatedAt]);
    });

    it('are dead at once where another try would fail, too', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const never = await tasks.fail(await submitAndTake(tasks, 'a'), { ...broken, retryable: false });
      assert.deepEqual([never.state, never.failures], ['dead', 1]);
      const none = { max: 0, baseMs: 1, factor: 1, capMs: 1 };
      const once = await tasks.fail(await submitAndTake(tasks, 'b', { retry: none }), broken);
      assert.equal(once.state, 'dead');
    });

    it('answer a repeated failure as the first, until somebody claims the task', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a');
      const failed = await tasks.fail(lease, { ...broken, retryAfterMs: 60_000 });
      assert.deepEqual(await opened.others.fail(lease, { ...broken, retryable: false }), failed);
      await refuses('stale_lease', tasks.fail({ ...lease, leaseId: 'guessed' }, broken));
      await refuses('stale_lease', tasks.complete(lease, {}, {}));
      await opened.elapse(60_000);
      await tasks.tick(10);
      assert.deepEqual(
        [(await tasks.fail(lease, broken)).state, (await tasks.fail(lease, broken)).failures],
        ['ready', 1],
      );
      await take(tasks, 'bob');
      await refuses('stale_lease', tasks.fail(lease, broken));
      assert.equal((await tasks.get(key('a')))?.failures, 1);
    });

    it('wait for an answer without a lease, and go to the one that asked first', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a', {}, 'ann');
      const asked = await tasks.ask(lease, 'Which colour? 🦊');
      assert.deepEqual(
        [asked.state, asked.question, asked.answer, asked.holder, asked.leaseUntil, asked.offeredTo],
        ['input_required', 'Which colour? 🦊', null, null, null, null],
      );
      await refuses('stale_lease', tasks.complete(lease, {}, {}));
      await refuses('stale_lease', tasks.ask(lease, 'again?'));
      await opened.elapse(HOUR);
      assert.deepEqual(await tasks.claim(want('ann')), []);
      const told = await opened.others.answer(key('a'), 'blue', 'ada');
      assert.deepEqual([told.state, told.answer, told.offeredTo], ['ready', 'blue', 'ann']);
      assert.equal(told.offerUntil! - told.updatedAt, LEASE_MS);
      await refuses('conflict', tasks.answer(key('a'), 'red', 'ada'));
      assert.deepEqual(await tasks.claim(want('bob')), []);
      const [back] = await tasks.claim(want('ann'));
      assert.deepEqual(
        [back?.task.question, back?.task.answer, back?.task.losses],
        ['Which colour? 🦊', 'blue', 0],
      );
      const more = await tasks.ask(leaseOf(back!), 'Which size?');
      assert.deepEqual([more.question, more.answer], ['Which size?', null]);
      await tasks.answer(key('a'), '', 'ada');
      await opened.elapse(LEASE_MS);
      const [other] = await tasks.claim(want('bob'));
      assert.deepEqual([other?.task.answer, other?.task.fence], ['', 3]);
    });

    it('are dead after their deadline, wherever they wait', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const deadline = (await opened.now()) + 600_000;
      const given = { deadline, leaseMs: 300_000 };
      await tasks.submit(taskDraft('never'));
      const waits = await submitAndTake(tasks, 'retry_wait', given);
      await tasks.fail(waits, { ...broken, retryAfterMs: 500_000 });
      await tasks.ask(await submitAndTake(tasks, 'input_required', given), 'what?');
      await tasks.submit(taskDraft('ready', given));
      await tasks.submit(taskDraft('offered', given), { agent: 'bob', ms: HOUR });
      await tasks.submit(taskDraft('blocked', { ...given, dependsOn: ['never'] }));
      await opened.elapse(550_000);
      assert.equal(await stateOf(tasks, 'ready'), 'ready');
      await opened.elapse(50_000);
      const ids = ['retry_wait', 'input_required', 'ready', 'offered', 'blocked'];
      assert.deepEqual(await tasks.claim(want('bob', { ids })), []);
      assert.deepEqual(await tasks.claim(want('bob', { ids: ['ready'] })), []);
      await tasks.tick(100);
      for (const id of ids) {
        const task = (await tasks.get(key(id)))!;
        assert.deepEqual([task.state, task.reason], ['dead', 'Its deadline is over.'], id);
        assert.deepEqual([task.dueAt, task.offeredTo, task.offerUntil], [null, null, null], id);
        assert.ok(task.finishedAt !== null);
      }
      assert.equal(await stateOf(tasks, 'never'), 'ready');
    });

    it('are accepted after the deadline from a live lease, from a lost one not', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const deadline = (await opened.now()) + 30_000;
      const held = await submitAndTake(tasks, 'held', { deadline });
      await submitAndTake(tasks, 'lost', { deadline, leaseMs: 20_000 });
      await opened.elapse(40_000);
      await tasks.tick(10);
      const lost = (await tasks.get(key('lost')))!;
      assert.deepEqual([lost.state, lost.losses, lost.reason], ['dead', 1, 'Its deadline is over.']);
      assert.equal((await tasks.complete(held, {}, {})).state, 'completed');
    });

    it('of dead ones can be tried again, with all retries and without a deadline', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const deadline = (await opened.now()) + 60_000;
      const retry = { max: 1, baseMs: 0, factor: 1, capMs: 0 };
      await tasks.submit(taskDraft('a', { deadline, retry, maxLosses: 2, leaseMs: 30_000 }));
      await take(tasks, 'ann');
      await opened.elapse(30_000);
      await tasks.fail(await take(tasks, 'ann'), broken);
      await opened.elapse(30_000);
      await tasks.tick(10);
      assert.equal(await stateOf(tasks, 'a'), 'dead');
      const again = await opened.others.requeue(key('a'), 'ada');
      const { state, failures, losses, finishedAt, fence } = again;
      assert.deepEqual(
        [state, failures, losses, again.deadline, finishedAt, fence],
        ['ready', 0, 0, null, null, 2],
      );
      await refuses('conflict', tasks.requeue(key('a'), 'ada'));
      await tasks.fail(await take(tasks, 'ann'), broken);
      const last = await take(tasks, 'ann');
      assert.equal(last.fence, 4);
      assert.equal((await tasks.fail(last, broken)).state, 'dead');
    });

    it('that are waited for come to the agent that somebody chose, or at once to anybody', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('first'));
      await tasks.submit(taskDraft('second', { priority: 'critical' }), { agent: 'bob', ms: HOUR });
      const chosen = await opened.others.assign(key('first'), { agent: 'ann', ms: 60_000 }, 'ada');
      assert.deepEqual([chosen.state, chosen.offeredTo], ['ready', 'ann']);
      assert.equal(chosen.offerUntil! - chosen.updatedAt, 60_000);
      const again = await tasks.assign(key('second'), { agent: 'ann', ms: 60_000 }, 'ada');
      assert.equal(again.offeredTo, 'ann');
      assert.deepEqual(await tasks.claim(want('bob', { count: 9 })), []);
      assert.deepEqual(await tasks.loads('shop'), new Map([['ann', { held: 0, offered: 2 }]]));
      // Each keeps its place.
      const both = await tasks.claim(want('ann', { count: 9 }));
      assert.deepEqual(
        both.map(({ task }) => task.id),
        ['second', 'first'],
      );
      await refuses('conflict', tasks.assign(key('first'), { agent: 'bob', ms: HOUR }, 'ada'));
      await tasks.fail(leaseOf(both[1]!), { ...broken, retryAfterMs: HOUR });
      await tasks.fail(leaseOf(both[0]!), { ...broken, retryAfterMs: HOUR });
      assert.deepEqual(await tasks.claim(want('bob', { count: 9 })), []);
      const now = await opened.others.assign(key('first'), undefined, 'ada');
      assert.deepEqual(
        [now.state, now.dueAt, now.offeredTo, now.failures, now.version],
        ['ready', null, null, 1, 5],
      );
      await tasks.assign(key('second'), { agent: 'ann', ms: 60_000 }, 'ada');
      assert.equal((await take(tasks, 'bob')).id, 'first');
      await opened.elapse(60_000);
      assert.equal((await take(tasks, 'bob')).id, 'second');
      const history = await tasks.history(key('second'));
      assert.deepEqual(
        history
          .filter(({ event }) => event === 'assign')
          .map(({ from, to, by, note }) => [from, to, by, note]),
        [
          ['ready', 'ready', 'ada', 'ann'],
          ['retry_wait', 'ready', 'ada', 'ann'],
        ],
      );
      await refuses('not_found', tasks.assign(key('missing'), undefined, 'ada'));
    });

    it('that nobody wants any more are cancelled, in any state before the end', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('ready'), { agent: 'bob', ms: HOUR });
      await tasks.submit(taskDraft('blocked', { dependsOn: ['ready'] }));
      const waits = await submitAndTake(tasks, 'retry_wait');
      await tasks.fail(waits, { ...broken, retryAfterMs: HOUR });
      await tasks.ask(await submitAndTake(tasks, 'input_required'), 'what?');
      await tasks.fail(await submitAndTake(tasks, 'dead'), { ...broken, retryable: false });
      await submitAndTake(tasks, 'leased');
      for (const id of ['blocked', 'ready', 'retry_wait', 'input_required', 'dead', 'leased']) {
        assert.equal(await stateOf(tasks, id), id);
        const task = await tasks.cancel(key(id), 'changed plans', 'ada');
        const { state, reason, offeredTo, dueAt, leaseUntil } = task;
        assert.deepEqual(
          [state, reason, offeredTo, dueAt, leaseUntil],
          ['cancelled', 'changed plans', null, null, null],
        );
        assert.equal(task.finishedAt, task.updatedAt);
      }
      await opened.elapse(2 * HOUR);
      assert.equal((await tasks.tick(100)).moved, 0);
    });
  });
}
