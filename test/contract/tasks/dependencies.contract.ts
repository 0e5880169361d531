import assert from 'node:assert/strict';
import type { TaskStore } from '../../../src/engine/ports/taskStore.ts';
import type { OpenTasks } from '../../fixtures/openTasks.ts';
import { key, stateOf, submitAndTake, take, taskDraft, want } from '../../fixtures/taskDrafts.ts';
import { refuses } from '../records/refuses.ts';

const HOUR = 3_600_000;
const forGood = { reason: 'broken', retryable: false, jitter: 0 };

/** How tasks of a TaskStore wait for each other. */
export function dependenciesContract(name: string, open: () => Promise<OpenTasks>): void {
  describe(`dependencies in ${name}`, () => {
    it('keep a task back until each is completed', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await diamond(tasks);
      assert.deepEqual(await claimable(tasks), ['top']);
      assert.deepEqual(await openOf(tasks, 'left', 'right', 'bottom'), [1, 1, 2]);
      await finish(tasks, 'top');
      assert.deepEqual(await openOf(tasks, 'left', 'right', 'bottom'), [0, 0, 2]);
      await finish(tasks, 'left');
      assert.deepEqual([await stateOf(tasks, 'bottom'), ...(await openOf(tasks, 'bottom'))], ['blocked', 1]);
      await finish(opened.others, 'right');
      assert.deepEqual([await stateOf(tasks, 'bottom'), ...(await openOf(tasks, 'bottom'))], ['ready', 0]);
      await finish(tasks, 'bottom');
    });

    it('that are completed already, or named twice, count once or not at all', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.complete(await submitAndTake(tasks, 'done'), {}, {});
      await tasks.submit(taskDraft('todo'));
      const { task: free } = await tasks.submit(taskDraft('free', { dependsOn: ['done', 'done'] }));
      assert.deepEqual([free.state, free.openDependencies, free.dependsOn], ['ready', 0, ['done', 'done']]);
      const { task } = await tasks.submit(taskDraft('waits', { dependsOn: ['todo', 'done', 'todo'] }));
      assert.deepEqual([task.state, task.openDependencies], ['blocked', 1]);
      await finish(tasks, 'todo');
      assert.equal(await stateOf(tasks, 'waits'), 'ready');
    });

    it('have to be there, in the same namespace, and not cancelled', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('a'));
      await tasks.submit(taskDraft('gone'));
      await tasks.cancel(key('gone'), 'why', 'ada');
      await refuses('not_found', tasks.submit(taskDraft('b', { dependsOn: ['a', 'missing'] })));
      await refuses('not_found', tasks.submit(taskDraft('b', { dependsOn: ['b'] })));
      await refuses('not_found', tasks.submit(taskDraft('b', { dependsOn: ['a'], namespace: 'bank' })));
      await refuses('conflict', tasks.submit(taskDraft('b', { dependsOn: ['a', 'gone'] })));
      assert.equal(await tasks.get(key('b')), undefined);
      await finish(tasks, 'a');
    });

    it('begin an offer when the task is ready', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('first'));
      const { task } = await tasks.submit(taskDraft('then', { dependsOn: ['first'] }), {
        agent: 'bob',
        ms: 60_000,
      });
      assert.deepEqual([task.offeredTo, task.offerUntil], [null, null]);
      await opened.elapse(HOUR);
      await finish(tasks, 'first');
      const ready = (await tasks.get(key('then')))!;
      assert.deepEqual([ready.offeredTo, ready.offerUntil! - ready.updatedAt], ['bob', 60_000]);
      assert.deepEqual(await claimable(tasks), []);
      await opened.elapse(60_000);
      assert.deepEqual(await claimable(tasks), ['then']);
    });

    it('that fail for good keep a task waiting, until they are tried again', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('first'));
      await tasks.submit(taskDraft('then', { dependsOn: ['first'] }));
      await tasks.fail(await take(tasks, 'ann'), forGood);
      const { task: late } = await tasks.submit(taskDraft('late', { dependsOn: ['first'] }));
      assert.deepEqual([await stateOf(tasks, 'then'), late.state], ['blocked', 'blocked']);
      await tasks.requeue(key('first'), 'ada');
      assert.deepEqual(await claimable(tasks), ['first']);
      await finish(tasks, 'first');
      assert.deepEqual((await claimable(tasks)).sort(), ['late', 'then']);
    });

    it('that are cancelled take what waits for them along, at any distance', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await diamond(tasks);
      await tasks.submit(taskDraft('side'));
      await tasks.submit(taskDraft('far', { dependsOn: ['side', 'bottom'] }));
      await finish(tasks, 'top');
      const running = await take(tasks, 'ann', { ids: ['right'] });
      await tasks.cancel(key('left'), 'not needed', 'ada');
      const { state, reason, finishedAt } = (await tasks.get(key('bottom')))!;
      assert.deepEqual([state, reason], ['cancelled', 'It depends on left, which was cancelled.']);
      assert.ok(finishedAt !== null);
      assert.equal((await tasks.get(key('far')))?.reason, 'It depends on bottom, which was cancelled.');
      const [last] = (await tasks.history(key('far'))).slice(-1);
      assert.deepEqual([last?.event, last?.by, last?.from], ['cancel', 'ada', 'blocked']);
      assert.deepEqual([await stateOf(tasks, 'top'), await stateOf(tasks, 'side')], ['completed', 'ready']);
      assert.equal((await tasks.complete(running, {}, {})).state, 'completed');
      assert.equal(await stateOf(tasks, 'bottom'), 'cancelled');
    });

    it('give the nearest that was cancelled as the reason', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('root'));
      await tasks.submit(taskDraft('z', { dependsOn: ['root'] }));
      await tasks.submit(taskDraft('y', { dependsOn: ['z', 'root'] }));
      await tasks.submit(taskDraft('x', { dependsOn: ['z', 'y'] }));
      await tasks.cancel(key('root'), 'why', 'ada');
      const reasonOf = async (id: string) => (await tasks.get(key(id)))?.reason;
      assert.equal(await reasonOf('z'), 'It depends on root, which was cancelled.');
      assert.equal(await reasonOf('y'), 'It depends on root, which was cancelled.');
      assert.equal(await reasonOf('x'), 'It depends on y, which was cancelled.');
    });

    it('count once, also where an id comes again after a purge', async () => {
      await using opened = await open();
      const { tasks } = opened;
      for (const id of ['first', 'second']) await tasks.submit(taskDraft(id));
      const deadline = (await opened.now()) + 60_000;
      await tasks.submit(taskDraft('late', { dependsOn: ['first', 'second'], deadline }));
      await finish(tasks, 'first');
      await opened.elapse(60_000);
      await tasks.tick(10);
      assert.equal(await tasks.purge({ ids: ['first'], states: ['completed'] }, await opened.now(), 10), 1);
      await tasks.submit(taskDraft('first'));
      await finish(tasks, 'first');
      assert.deepEqual([await stateOf(tasks, 'late'), ...(await openOf(tasks, 'late'))], ['dead', 1]);
      assert.equal((await tasks.requeue(key('late'), 'ada')).state, 'blocked');
    });

    it('change nothing in a task that was cancelled', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('first'));
      await tasks.submit(taskDraft('then', { dependsOn: ['first'] }));
      const cancelled = await tasks.cancel(key('then'), 'why', 'ada');
      await finish(tasks, 'first');
      assert.deepEqual(await tasks.get(key('then')), cancelled);
    });

    it('may form a long chain, which is cancelled as one', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('0'));
      for (let i = 1; i < 300; i++) await tasks.submit(taskDraft(`${i}`, { dependsOn: [`${i - 1}`] }));
      await tasks.cancel(key('0'), 'why', 'ada');
      assert.equal((await tasks.counts(undefined)).byState.cancelled, 300);
    });

    it('that were completed meanwhile count when a dead task is tried again', async () => {
      await using opened = await open();
      const { tasks } = opened;
      for (const id of ['a', 'b']) await tasks.submit(taskDraft(id));
      const deadline = (await opened.now()) + 60_000;
      await tasks.submit(taskDraft('late', { dependsOn: ['a', 'b'], deadline }));
      await opened.elapse(60_000);
      await tasks.tick(10);
      assert.equal(await stateOf(tasks, 'late'), 'dead');
      await finish(tasks, 'a');
      assert.deepEqual([await stateOf(tasks, 'late'), ...(await openOf(tasks, 'late'))], ['dead', 1]);
      assert.equal((await tasks.requeue(key('late'), 'ada')).state, 'blocked');
      await finish(tasks, 'b');
      assert.equal(await stateOf(tasks, 'late'), 'ready');
    });

    it('that can never be completed keep a dead task dead', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const deadline = (await opened.now()) + 60_000;
      for (const id of ['cancelled', 'purged']) {
        await tasks.submit(taskDraft(id));
        await tasks.submit(taskDraft(`late ${id}`, { dependsOn: [id], deadline }));
      }
      await opened.elapse(60_000);
      await tasks.tick(10);
      await tasks.cancel(key('cancelled'), 'why', 'ada');
      await tasks.cancel(key('purged'), 'why', 'ada');
      assert.equal(await tasks.purge({ ids: ['purged'], states: ['cancelled'] }, await opened.now(), 10), 1);
      for (const id of ['late cancelled', 'late purged']) {
        await refuses('conflict', tasks.requeue(key(id), 'ada'));
        assert.equal(await stateOf(tasks, id), 'dead');
      }
    });

    it('keep from being purged what a blocked task depends on', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('done'));
      await tasks.submit(taskDraft('dead'));
      await tasks.submit(taskDraft('waits', { dependsOn: ['done', 'dead'] }));
      await finish(tasks, 'done');
      await tasks.fail(await take(tasks, 'ann', { ids: ['dead'] }), forGood);
      const purge = async () =>
        tasks.purge({ states: ['completed', 'dead', 'cancelled'] }, await opened.now(), 100);
      assert.equal(await purge(), 0);
      await tasks.requeue(key('dead'), 'ada');
      await finish(tasks, 'dead');
      assert.equal(await stateOf(tasks, 'waits'), 'ready');
      assert.equal(await purge(), 2);
      await finish(tasks, 'waits');
      assert.equal(await purge(), 1);
    });
  });
}

async function diamond(store: TaskStore): Promise<void> {
  await store.submit(taskDraft('top'));
  await store.submit(taskDraft('left', { dependsOn: ['top'] }));
  await store.submit(taskDraft('right', { dependsOn: ['top'] }));
  await store.submit(taskDraft('bottom', { dependsOn: ['left', 'right'] }));
}

async function finish(store: TaskStore, id: string): Promise<void> {
  await store.complete(await take(store, 'ann', { ids: [id] }), {}, {});
}

/** Open dependencies of each. */
async function openOf(store: TaskStore, ...ids: string[]): Promise<(number | undefined)[]> {
  return Promise.all(ids.map(async id => (await store.get(key(id)))?.openDependencies));
}

/** Ids of all that can be claimed now; they are given back. */
async function claimable(store: TaskStore): Promise<string[]> {
  const claimed = await store.claim(want('looker', { count: 100 }));
  for (const { task, leaseId } of claimed)
    await store.release({ namespace: task.namespace, id: task.id, fence: task.fence, leaseId });
  return claimed.map(({ task }) => task.id);
}
