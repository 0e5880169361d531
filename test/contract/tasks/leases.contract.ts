import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import type { LeaseProof } from '../../../src/engine/model/task.ts';
import type { TaskStore } from '../../../src/engine/ports/taskStore.ts';
import type { OpenTasks } from '../../fixtures/openTasks.ts';
import { key, LEASE_MS, stateOf, submitAndTake, take, taskDraft, want } from '../../fixtures/taskDrafts.ts';
import { refuses } from '../records/refuses.ts';

const failure = { reason: 'broken', retryable: true, jitter: 0.5 };

/** What a lease of a TaskStore is worth, and when it ends. */
export function leasesContract(name: string, open: () => Promise<OpenTasks>): void {
  describe(`leases of ${name}`, () => {
    it('last longer with each renewal', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a');
      for (let i = 0; i < 3; i++) {
        await opened.elapse(LEASE_MS - 20_000);
        const { leaseUntil, state } = await opened.others.renew({ lease });
        assert.equal(state, 'leased');
        const left = leaseUntil! - (await opened.now());
        assert.ok(left > LEASE_MS - 20_000 && left <= LEASE_MS, `${left} ms`);
      }
      const shorter = await tasks.renew({ lease, leaseMs: 30_000 });
      assert.ok(shorter.leaseUntil! - (await opened.now()) <= 30_000);
      await opened.elapse(30_000);
      await refuses('stale_lease', tasks.renew({ lease }));
    });

    it('note progress with a renewal, and nothing where nothing new is said', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a');
      const said = await tasks.renew({ lease, progress: 12.5, note: 'half of it 🦊' });
      assert.deepEqual([said.progress, said.note, said.version], [12.5, 'half of it 🦊', 3]);
      const silent = await tasks.renew({ lease });
      assert.deepEqual([silent.progress, silent.note, silent.version], [12.5, 'half of it 🦊', 3]);
      const same = await tasks.renew({ lease, progress: 12.5, note: 'half of it 🦊' });
      assert.equal(same.version, 3);
      const less = await tasks.renew({ lease, progress: 0 });
      assert.deepEqual([less.progress, less.note, less.version], [0, 'half of it 🦊', 4]);
      const empty = await tasks.renew({ lease, note: '' });
      assert.deepEqual([empty.progress, empty.note, empty.version], [0, '', 5]);
      const { leaseUntil: _one, ...task } = (await opened.others.get(key('a')))!;
      const { leaseUntil: _other, ...told } = empty;
      assert.deepEqual(task, told);
    });

    it('are renewed several at once, each for itself', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const a = await submitAndTake(tasks, 'a');
      const b = await submitAndTake(tasks, 'b');
      await tasks.cancel(key('b'), 'not needed', 'ada');
      const c = await submitAndTake(tasks, 'c');
      const outcomes = await tasks.renewAll([
        { lease: a, progress: 1 },
        { lease: b },
        { lease: { ...c, id: 'missing' } },
        { lease: { ...c, leaseId: 'stolen' } },
        { lease: c, note: 'fine' },
      ]);
      const seen = outcomes.map(one => (one instanceof MemoryError ? one.code : (one as { id: string }).id));
      assert.deepEqual(seen, ['a', 'stale_lease', 'not_found', 'stale_lease', 'c']);
      assert.match(String(outcomes[1]), /not needed/);
      assert.deepEqual(
        [(await tasks.get(key('a')))?.progress, (await tasks.get(key('c')))?.note],
        [1, 'fine'],
      );
      assert.deepEqual(await tasks.renewAll([]), []);
    });

    for (const [what, wrong] of Object.entries<Partial<LeaseProof>>({
      'an older fence': { fence: 0 },
      'a fence to come': { fence: 2 },
      'another lease id': { leaseId: 'guessed' },
      'an empty lease id': { leaseId: '' },
    })) {
      it(`change nothing with ${what}`, async () => {
        await using opened = await open();
        const lease = await submitAndTake(opened.tasks, 'a');
        await changesNothing(opened.tasks, { ...lease, ...wrong });
        await opened.tasks.complete(lease, {}, {});
      });
    }

    it('change nothing once their time is over, also where nobody noticed', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a');
      await opened.elapse(LEASE_MS);
      await changesNothing(tasks, lease);
      assert.equal((await tasks.get(key('a')))?.fence, 1);
      const next = await take(opened.others, 'bob');
      assert.deepEqual([next.id, next.fence], ['a', 2]);
      await changesNothing(tasks, lease);
      await changesNothing(tasks, { ...lease, fence: next.fence });
      await changesNothing(tasks, { ...next, fence: lease.fence });
      await opened.others.complete(next, { by: 'bob' }, {});
      await changesNothing(tasks, lease);
      assert.deepEqual((await tasks.get(key('a')))?.result, { by: 'bob' });
    });

    it('change nothing when they never were', async () => {
      await using opened = await open();
      await opened.tasks.submit(taskDraft('a'));
      await changesNothing(opened.tasks, { ...key('a'), fence: 0, leaseId: '' });
    });

    it('count as lost when their time is over, and the task is ready', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a');
      await tasks.renew({ lease, progress: 40, note: 'so far' });
      await opened.elapse(LEASE_MS);
      await tasks.tick(10);
      const task = (await tasks.get(key('a')))!;
      const { state, losses, failures, holder, leaseUntil, fence, note, reason } = task;
      assert.deepEqual(
        { state, losses, failures, holder, leaseUntil, fence, note, reason },
        {
          ...{ state: 'ready', losses: 1, failures: 0, holder: null, leaseUntil: null },
          ...{ fence: 1, note: 'so far', reason: null },
        },
      );
      const [again] = await tasks.claim(want('bob'));
      assert.deepEqual([again!.task.progress, again!.task.note, again!.task.fence], [null, 'so far', 2]);
    });

    it('are lost as often as is allowed, then the task is dead', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('a', { maxLosses: 2, leaseMs: 1_000 }));
      await take(tasks, 'ann');
      await opened.elapse(1_000);
      await take(tasks, 'ann');
      await opened.elapse(1_000);
      assert.deepEqual(await tasks.claim(want('ann')), []);
      const task = (await tasks.get(key('a')))!;
      assert.deepEqual([task.state, task.losses, task.reason], ['dead', 2, 'Its lease was lost too often.']);
      assert.ok(task.finishedAt! >= task.createdAt);
    });

    it('are lost without end where no end is set', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(
        taskDraft('a', { leaseMs: 1_000, retry: { max: 0, baseMs: 0, factor: 1, capMs: 0 } }),
      );
      for (let i = 1; i <= 12; i++) {
        assert.equal((await take(tasks, 'ann')).fence, i);
        await opened.elapse(1_000);
      }
      await tasks.tick(1);
      assert.deepEqual([await stateOf(tasks, 'a'), (await tasks.get(key('a')))?.losses], ['ready', 12]);
    });

    it('end with a cancellation, which their holder learns', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a');
      const cancelled = await opened.others.cancel(key('a'), 'wrong branch', 'ada');
      assert.deepEqual([cancelled.state, cancelled.holder, cancelled.leaseUntil], ['cancelled', null, null]);
      for (const call of [tasks.renew({ lease }), tasks.complete(lease, {}, {}), tasks.fail(lease, failure)])
        await assert.rejects(call, (error: unknown) => {
          assert.ok(MemoryError.is(error, 'stale_lease'));
          assert.match(error.message, /cancelled.*wrong branch/);
          return true;
        });
      assert.deepEqual(await tasks.get(key('a')), cancelled);
    });

    it('are given back, which counts as nothing', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a', {
        maxLosses: 1,
        retry: { max: 0, baseMs: 0, factor: 1, capMs: 0 },
      });
      await tasks.renew({ lease, note: 'before' });
      const kept = await tasks.release(lease);
      assert.deepEqual([kept.state, kept.note, kept.losses, kept.failures], ['ready', 'before', 0, 0]);
      await changesNothing(tasks, lease);
      const again = await take(tasks, 'bob');
      const offered = await tasks.release(again, { note: 'ask Cleo', offer: { agent: 'cleo', ms: 60_000 } });
      assert.deepEqual([offered.note, offered.offeredTo], ['ask Cleo', 'cleo']);
      assert.deepEqual(await tasks.claim(want('bob')), []);
      assert.equal((await take(tasks, 'cleo')).fence, 3);
    });

    it('are all given back where an agent leaves', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const held = [await submitAndTake(tasks, 'a', {}, 'ann'), await submitAndTake(tasks, 'b', {}, 'ann')];
      const bobs = await submitAndTake(tasks, 'c', {}, 'bob');
      await tasks.submit(taskDraft('offered'), { agent: 'ann', ms: 600_000 });
      await tasks.submit(taskDraft('other'), { agent: 'bob', ms: 600_000 });
      await tasks.submit(taskDraft('later', { dependsOn: ['c'] }), { agent: 'ann', ms: 600_000 });
      assert.equal(await opened.others.releaseAll('bank', 'ann', false), 0);
      assert.equal(await opened.others.releaseAll('shop', 'ann', false), 2);
      for (const lease of held) await changesNothing(tasks, lease);
      for (const id of ['a', 'b', 'offered']) {
        const { state, losses, offeredTo, offerUntil } = (await tasks.get(key(id)))!;
        assert.deepEqual([state, losses, offeredTo, offerUntil], ['ready', 0, null, null], id);
      }
      assert.equal((await tasks.get(key('other')))?.offeredTo, 'bob');
      await tasks.complete(bobs, {}, {});
      const later = (await tasks.get(key('later')))!;
      assert.deepEqual([later.state, later.offeredTo], ['ready', null]);
      assert.equal(await tasks.releaseAll('shop', 'ann', false), 0);
    });

    it('are all offered to the agent that takes the work over', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await submitAndTake(tasks, 'a', {}, 'ann');
      await tasks.submit(taskDraft('offered'), { agent: 'ann', ms: 600_000 });
      assert.equal(await tasks.releaseAll('shop', 'ann', false, { agent: 'bob', ms: 600_000 }), 1);
      const { state, losses, offeredTo } = (await tasks.get(key('a')))!;
      assert.deepEqual([state, losses, offeredTo], ['ready', 0, 'bob']);
      const { event, by } = (await tasks.history(key('a'))).at(-1)!;
      assert.deepEqual([event, by], ['release', 'bob']);
      assert.equal((await tasks.get(key('offered')))?.offeredTo, null);
    });

    it('are all lost where an agent died', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await submitAndTake(tasks, 'a', { maxLosses: 1 }, 'ann');
      await submitAndTake(tasks, 'b', {}, 'ann');
      assert.equal(await tasks.releaseAll('shop', 'ann', true), 2);
      assert.deepEqual([await stateOf(tasks, 'a'), await stateOf(tasks, 'b')], ['dead', 'ready']);
      assert.equal((await tasks.get(key('b')))?.losses, 1);
      assert.equal((await tasks.counts(undefined)).lost, 2);
    });

    it('are lost, not given back, where their time was over when the agent left', async () => {
      await using opened = await open();
      await submitAndTake(opened.tasks, 'a', {}, 'ann');
      await opened.elapse(LEASE_MS);
      assert.equal(await opened.tasks.releaseAll('shop', 'ann', false), 1);
      assert.deepEqual(
        [await stateOf(opened.tasks, 'a'), (await opened.tasks.get(key('a')))?.losses],
        ['ready', 1],
      );
    });

    it('show their ids to their holder only', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('a'));
      const secret = 'a-secret-lease-id';
      const lease = await take(tasks, 'ann', { leaseIds: [secret] });
      const start = await opened.events.since(undefined, 1000);
      const seen = async () =>
        JSON.stringify([
          await tasks.get(key('a')),
          await tasks.list({}, { limit: 10, offset: 0 }),
          await tasks.history(key('a')),
          await opened.events.since(undefined, 1000),
          await tasks.submit(taskDraft('a')),
        ]);
      assert.ok(start.length > 0);
      assert.ok(!(await seen()).includes(secret));
      const renewed = await tasks.renew({ lease, note: 'x' });
      const failed = await tasks.fail(lease, failure);
      const refused = await tasks.renew({ lease }).catch(String);
      assert.ok(![await seen(), JSON.stringify([renewed, failed]), refused].join().includes(secret));
    });
  });
}

/** Nothing that a holder may do is done for this one, and the task stays as it is. */
async function changesNothing(store: TaskStore, lease: LeaseProof): Promise<void> {
  const before = await store.get(lease);
  const calls = [
    () => store.renew({ lease, progress: 99, note: 'from the past' }),
    () => store.ask(lease, 'really?'),
    () => store.complete(lease, { stale: true }, {}),
    () => store.fail(lease, failure),
    () => store.release(lease, { note: 'from the past' }),
  ];
  for (const call of calls) await refuses('stale_lease', call());
  assert.deepEqual(await store.get(lease), before);
}
