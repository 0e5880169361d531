import assert from 'node:assert/strict';
import { TASK_STATES } from '../../../src/engine/model/task.ts';
import type { LoggedEvent } from '../../../src/engine/ports/eventBus.ts';
import { HISTORY_KEPT, type TaskFilter, type TaskStore } from '../../../src/engine/ports/taskStore.ts';
import type { OpenTasks } from '../../fixtures/openTasks.ts';
import { key, LEASE_MS, stateOf, submitAndTake, take, taskDraft, want } from '../../fixtures/taskDrafts.ts';

const HOUR = 3_600_000;
const broken = { reason: 'broken', retryable: true, jitter: 0, retryAfterMs: 60_000 };

/** What a TaskStore tells of its tasks. */
export function accountsContract(name: string, open: () => Promise<OpenTasks>): void {
  describe(`accounts of ${name}`, () => {
    it('hold every transition in the history, and in the events', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const start = await opened.events.position();
      await tasks.submit(taskDraft('a', { maxLosses: 1 }), { agent: 'ann', ms: 60_000 });
      await opened.elapse(60_000);
      const first = await take(tasks, 'ann');
      await tasks.renew({ lease: first, note: 'on it', progress: 5 });
      await tasks.renew({ lease: first });
      await tasks.ask(first, 'sure?');
      await tasks.answer(key('a'), 'yes', 'ada');
      await tasks.fail(await take(tasks, 'ann'), broken);
      await opened.elapse(60_000);
      await tasks.release(await take(tasks, 'bob'), { note: 'no time' });
      await take(tasks, 'bob');
      await opened.elapse(LEASE_MS);
      await tasks.tick(10);
      await tasks.requeue(key('a'), 'ada');
      const last = await take(tasks, 'bob');
      await tasks.complete(last, {}, {});
      const history = await opened.others.history(key('a'));
      assert.deepEqual(
        history.map(({ event, from, to, by, fence, note }) => [event, from, to, by, fence, note]),
        [
          ['submit', null, 'ready', 'vscode', 0, null],
          ['open', 'ready', 'ready', 'store', 0, null],
          ['claim', 'ready', 'leased', 'ann', 1, null],
          ['renew', 'leased', 'leased', 'ann', 1, 'on it'],
          ['ask', 'leased', 'input_required', 'ann', 1, 'sure?'],
          ['answer', 'input_required', 'ready', 'ada', 1, 'yes'],
          ['claim', 'ready', 'leased', 'ann', 2, null],
          ['fail', 'leased', 'retry_wait', 'ann', 2, 'broken'],
          ['due', 'retry_wait', 'ready', 'store', 2, null],
          ['claim', 'ready', 'leased', 'bob', 3, null],
          ['release', 'leased', 'ready', 'bob', 3, 'no time'],
          ['claim', 'ready', 'leased', 'bob', 4, null],
          ['lose', 'leased', 'dead', 'store', 4, null],
          ['requeue', 'dead', 'ready', 'ada', 4, null],
          ['claim', 'ready', 'leased', 'bob', 5, null],
          ['complete', 'leased', 'completed', 'bob', 5, null],
        ],
      );
      assert.equal((await tasks.get(key('a')))?.version, history.length);
      const events = (await opened.events.since(start, 100)).map(({ event }) => event);
      assert.deepEqual(
        events.map(event => ('subject' in event ? [event.change, event.agent] : [])),
        [
          ['ready', 'ann'],
          ['ready', ''],
          ['leased', 'ann'],
          ['leased', 'ann'],
          ['input_required', 'ann'],
          ['ready', 'ann'],
          ['leased', 'ann'],
          ['retry_wait', 'ann'],
          ['ready', ''],
          ['leased', 'bob'],
          ['ready', 'bob'],
          ['leased', 'bob'],
          ['dead', 'bob'],
          ['ready', ''],
          ['leased', 'bob'],
          ['completed', 'bob'],
        ],
      );
      for (const event of events)
        assert.deepEqual([event.type, (event as { subject: string }).subject], ['task', 'a']);
    });

    it('tell of each task that another moves', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('first'));
      for (const id of ['b', 'c']) await tasks.submit(taskDraft(id, { dependsOn: ['first'] }));
      await tasks.submit(taskDraft('d', { dependsOn: ['c'] }));
      const start = await opened.events.position();
      await tasks.complete(await take(tasks, 'ann'), {}, {});
      await tasks.cancel(key('c'), 'why', 'ada');
      assert.deepEqual((await told(opened, start)).sort(), [
        'b ready',
        'c cancelled',
        'c ready',
        'd cancelled',
        'first completed',
        'first leased',
      ]);
      const [unblocked] = (await tasks.history(key('b'))).slice(-1);
      assert.deepEqual([unblocked?.event, unblocked?.by], ['unblock', 'store']);
    });

    it('tell nothing of what was refused, repeated or not there', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a');
      await tasks.complete(lease, {}, {});
      const start = await opened.events.position();
      await tasks.complete(lease, {}, {});
      await tasks.cancel(key('a'), 'why', 'ada').catch(() => {});
      await tasks.renew({ lease }).catch(() => {});
      await tasks.submit(taskDraft('a'));
      await tasks.submit(taskDraft('b', { dependsOn: ['missing'] })).catch(() => {});
      await tasks.claim(want('ann'));
      await tasks.tick(10);
      assert.deepEqual(await told(opened, start), []);
      assert.equal((await tasks.history(key('a'))).length, 3);
    });

    it('keep the newest of a long history', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a');
      for (let i = 0; i < HISTORY_KEPT + 10; i++) await tasks.renew({ lease, note: `${i}` });
      const history = await tasks.history(key('a'));
      assert.equal(history.length, HISTORY_KEPT);
      assert.deepEqual([history[0]?.note, history.at(-1)?.note], ['10', `${HISTORY_KEPT + 9}`]);
    });

    it('list tasks, newest first, by page', async () => {
      await using opened = await open();
      const { tasks } = opened;
      for (const id of ['b', 'd', 'a', 'c']) {
        await tasks.submit(
          taskDraft(id, { namespace: id < 'c' ? 'shop' : 'bank', owner: id < 'b' ? 'bob' : 'ada' }),
        );
        await opened.elapse(1);
      }
      const list = async (filter: TaskFilter, limit = 10, offset = 0) => {
        const { tasks: page, total } = await opened.others.list(filter, { limit, offset });
        return [page.map(({ id }) => id).join(''), total];
      };
      assert.deepEqual(await list({}), ['cadb', 4]);
      assert.deepEqual(await list({}, 2), ['ca', 4]);
      assert.deepEqual(await list({}, 2, 2), ['db', 4]);
      assert.deepEqual(await list({}, 2, 4), ['', 4]);
      assert.deepEqual(await list({ namespaces: ['shop'] }), ['ab', 2]);
      assert.deepEqual(await list({ namespaces: ['shop', 'bank'] }, 3), ['cad', 4]);
      assert.deepEqual(await list({ namespaces: [] }), ['', 0]);
      assert.deepEqual(await list({ owner: 'bob' }), ['a', 1]);
      await take(tasks, 'ann', { ids: ['b'] });
      await tasks.submit(taskDraft('e'), { agent: 'ann', ms: HOUR });
      assert.deepEqual(await list({ agent: 'ann' }), ['eb', 2]);
      assert.deepEqual(await list({ states: ['leased'] }), ['b', 1]);
      assert.deepEqual(await list({ states: ['leased', 'ready'], namespaces: ['shop'] }), ['eab', 3]);
      assert.deepEqual(await list({ states: [] }), ['', 0]);
      assert.deepEqual(await list({ states: ['ready'], agent: 'ann', owner: 'ada@host' }), ['e', 1]);
    });

    it('count what the list holds', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const none = await tasks.counts(undefined);
      assert.deepEqual(none.byState, Object.fromEntries(TASK_STATES.map(state => [state, 0])));
      assert.deepEqual([none.completed, none.died, none.retried, none.lost], [0, 0, 0, 0]);
      await tasks.complete(await submitAndTake(tasks, 'done'), {}, {});
      await tasks.fail(await submitAndTake(tasks, 'retry'), broken);
      await tasks.fail(await submitAndTake(tasks, 'dead'), { ...broken, retryable: false });
      await tasks.submit(taskDraft('blocked', { dependsOn: ['dead'] }));
      await submitAndTake(tasks, 'leased', { leaseMs: HOUR });
      await submitAndTake(tasks, 'lost');
      await tasks.submit(taskDraft('done', { namespace: 'bank' }));
      await sameCounts(tasks, ['shop'], ['bank'], undefined, ['none'], ['bank', 'shop']);
      await opened.elapse(LEASE_MS);
      await tasks.tick(10);
      await tasks.cancel(key('dead'), 'why', 'ada');
      await sameCounts(tasks, ['shop'], ['bank'], undefined);
      const { completed, died, retried, lost } = await opened.others.counts(['shop', 'bank']);
      assert.deepEqual([completed, died, retried, lost], [1, 1, 1, 1]);
      assert.deepEqual((await tasks.counts(['bank'])).lost, 0);
      await tasks.purge({ states: ['completed', 'cancelled'] }, await opened.now(), 10);
      await sameCounts(tasks, ['shop'], undefined);
      assert.equal((await tasks.counts(undefined)).completed, 1);
    });

    it('tell how much each agent has to do', async () => {
      await using opened = await open();
      const { tasks } = opened;
      assert.deepEqual(await tasks.loads('shop'), new Map());
      for (const id of ['a', 'b']) await submitAndTake(tasks, id, {}, 'ann');
      await tasks.submit(taskDraft('c'), { agent: 'ann', ms: HOUR });
      const bobs = await submitAndTake(tasks, 'd', {}, 'bob');
      await submitAndTake(tasks, 'e', {}, 'cleo');
      await tasks.submit(taskDraft('f', { namespace: 'bank' }), { agent: 'bob', ms: HOUR });
      const loads = async () => [...(await opened.others.loads('shop'))].sort();
      assert.deepEqual(await loads(), [
        ['ann', { held: 2, offered: 1 }],
        ['bob', { held: 1, offered: 0 }],
        ['cleo', { held: 1, offered: 0 }],
      ]);
      await tasks.complete(bobs, {}, {});
      await tasks.releaseAll('shop', 'cleo', true);
      assert.deepEqual(await loads(), [['ann', { held: 2, offered: 1 }]]);
    });

    it('say when time moves something next, and move no more than asked for', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const idle = await tasks.tick(10);
      assert.deepEqual([idle.moved, idle.nextAt], [0, undefined]);
      assert.ok(Math.abs(idle.now - (await opened.now())) < 60_000);
      for (let i = 0; i < 5; i++) await submitAndTake(tasks, `${i}`);
      await submitAndTake(tasks, 'last', { leaseMs: HOUR });
      const before = await tasks.tick(10);
      assert.equal(before.moved, 0);
      assert.equal(before.nextAt, (await tasks.get(key('0')))?.leaseUntil);
      await opened.elapse(LEASE_MS);
      const some = await opened.others.tick(3);
      assert.equal(some.moved, 3);
      assert.ok(some.nextAt! <= some.now);
      const rest = await tasks.tick(3);
      assert.deepEqual([rest.moved, rest.nextAt], [2, (await tasks.get(key('last')))?.leaseUntil]);
      assert.equal((await tasks.counts(undefined)).byState.ready, 5);
    });

    it('move what time has moved with a claim, however much it is', async () => {
      await using opened = await open();
      const { tasks } = opened;
      for (let i = 0; i < 250; i++) await tasks.submit(taskDraft(`${i}`));
      for (let i = 0; i < 3; i++) await tasks.claim(want('dead', { count: 100 }));
      await opened.elapse(LEASE_MS);
      const ids = new Set<string>();
      for (let i = 0; i < 6; i++)
        for (const { task } of await tasks.claim(want('ann', { count: 100 }))) ids.add(task.id);
      assert.equal(ids.size, 250);
    });

    it('hold no ended task that was purged', async () => {
      await using opened = await open();
      const { tasks } = opened;
      for (const id of ['old', 'older', 'other'])
        await tasks.complete(await submitAndTake(tasks, id, { idempotencyKey: id }), { id }, {});
      const elsewhere = taskDraft('old', { namespace: 'bank' });
      await tasks.submit(elsewhere);
      await tasks.cancel(elsewhere, 'why', 'ada');
      await submitAndTake(tasks, 'busy', { leaseMs: 100 * HOUR });
      const before = await opened.now();
      await opened.elapse(HOUR);
      await tasks.complete(await submitAndTake(tasks, 'young'), {}, {});
      const purge = (given: Partial<Parameters<TaskStore['purge']>[0]>, until: number, limit = 10) =>
        tasks.purge({ states: ['completed'], ...given }, until, limit);
      assert.equal(await purge({}, before - 10 * HOUR), 0);
      assert.equal(await purge({ namespaces: ['bank'] }, before), 0);
      assert.equal(await purge({ states: ['dead'] }, before), 0);
      assert.equal(await purge({ states: ['leased', 'ready'] }, before + 10 * HOUR), 0);
      assert.equal(await purge({ ids: ['old', 'missing'] }, before), 1);
      assert.deepEqual(
        [await stateOf(tasks, 'old'), await stateOf(tasks, 'older')],
        [undefined, 'completed'],
      );
      assert.deepEqual(await opened.others.history(key('old')), []);
      assert.equal((await tasks.list({}, { limit: 10, offset: 0 })).total, 5);
      assert.equal(await purge({}, await opened.now(), 1), 1);
      assert.equal(await purge({}, await opened.now(), 10), 2);
      assert.equal(await purge({ namespaces: ['bank'], states: ['cancelled'] }, await opened.now()), 1);
      const again = await tasks.submit(taskDraft('old', { idempotencyKey: 'old', title: 'New' }));
      assert.deepEqual([again.created, again.task.state, again.task.version], [true, 'ready', 1]);
      assert.equal((await tasks.history(key('old'))).length, 1);
      assert.deepEqual(
        (await tasks.claim(want('ann', { count: 9 }))).map(({ task }) => task.id),
        ['old'],
      );
    });
  });
}

/** Subjects and what became of them, of the events after a position. */
async function told(opened: OpenTasks, after: string): Promise<string[]> {
  const line = ({ event }: LoggedEvent) => ('subject' in event ? [`${event.subject} ${event.change}`] : []);
  return (await opened.events.since(after, 1000)).flatMap(line);
}

async function sameCounts(store: TaskStore, ...of: (readonly string[] | undefined)[]): Promise<void> {
  for (const namespaces of of) {
    const { byState } = await store.counts(namespaces);
    for (const state of TASK_STATES) {
      const filter = { states: [state], ...(namespaces && { namespaces }) };
      assert.equal(byState[state], (await store.list(filter, { limit: 1, offset: 0 })).total, state);
    }
  }
}
