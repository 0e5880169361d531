import assert from 'node:assert/strict';
import { AGEING_MS, type ClaimRequest, type TaskStore } from '../../../src/engine/ports/taskStore.ts';
import type { OpenTasks } from '../../fixtures/openTasks.ts';
import { key, leaseOf, stateOf, take, taskDraft, want } from '../../fixtures/taskDrafts.ts';

/** Who gets which task from a TaskStore. */
export function claimsContract(name: string, open: () => Promise<OpenTasks>): void {
  describe(`claims from ${name}`, () => {
    it('lease a task to the agent that asks, with a higher fence each time', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const { task } = await tasks.submit(taskDraft('a'));
      const [claimed, ...more] = await opened.others.claim(want('ann', { count: 5, leaseIds: ['l1', 'l2'] }));
      assert.deepEqual(more, []);
      assert.equal(claimed!.leaseId, 'l1');
      const { leaseUntil, updatedAt, ...rest } = claimed!.task;
      const { leaseUntil: _none, updatedAt: _before, ...before } = task;
      assert.deepEqual(rest, { ...before, state: 'leased', fence: 1, holder: 'ann', version: 2 });
      assert.equal(leaseUntil! - updatedAt, 60_000);
      assert.deepEqual(await tasks.get(key('a')), claimed!.task);
      await tasks.release(leaseOf(claimed!));
      const [again] = await tasks.claim(want('bob', { leaseMs: 5_000 }));
      assert.deepEqual([again!.task.fence, again!.task.holder], [2, 'bob']);
      assert.equal(again!.task.leaseUntil! - again!.task.updatedAt, 5_000);
    });

    it('never give one task to two', async () => {
      await using opened = await open();
      for (let i = 0; i < 60; i++) await opened.tasks.submit(taskDraft(`${i}`));
      const claims = await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          (i % 2 ? opened.tasks : opened.others).claim(want(`agent ${i}`, { count: 3 })),
        ),
      );
      const ids = claims.flat().map(({ task }) => task.id);
      assert.equal(ids.length, 60);
      assert.equal(new Set(ids).size, 60);
      assert.equal(new Set(claims.flat().map(({ leaseId }) => leaseId)).size, 60);
      assert.deepEqual(await opened.tasks.claim(want('late')), []);
    });

    it('take the oldest of a band first', async () => {
      await using opened = await open();
      for (const id of ['c', 'a', 'b']) {
        await opened.tasks.submit(taskDraft(id));
        await opened.elapse(1);
      }
      assert.deepEqual(await drain(opened.tasks), ['c', 'a', 'b']);
    });

    it('take the most urgent first', async () => {
      await using opened = await open();
      for (const priority of ['archive', 'low', 'critical', 'high', 'medium'] as const)
        await opened.tasks.submit(taskDraft(priority, { priority }));
      assert.deepEqual(await drain(opened.tasks), ['critical', 'high', 'medium', 'low', 'archive']);
    });

    it('take an old task before a more urgent one, so that each has its turn', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('low', { priority: 'low' }));
      await opened.elapse(AGEING_MS.low - AGEING_MS.high - 30_000);
      await tasks.submit(taskDraft('high', { priority: 'high' }));
      await opened.elapse(60_000);
      await tasks.submit(taskDraft('later', { priority: 'high' }));
      await opened.elapse(AGEING_MS.high + 10_000);
      await tasks.submit(taskDraft('critical', { priority: 'critical' }));
      assert.deepEqual(await drain(tasks), ['high', 'low', 'later', 'critical']);
    });

    it('move the low band under a flood of critical tasks', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('low', { priority: 'low' }));
      for (let minute = 0; minute < 30; minute++) {
        for (let i = 0; i < 3; i++) await tasks.submit(taskDraft(`${minute}.${i}`, { priority: 'critical' }));
        // More comes than is done.
        await tasks.claim(want('ann', { count: 2, leaseMs: 100 * 3_600_000 }));
        await opened.elapse(60_000);
      }
      assert.equal(await stateOf(tasks, 'low'), 'leased');
      assert.equal((await tasks.counts(undefined)).byState.ready, 31);
    });

    it('count the age from when a task is ready', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('a'));
      const lease = await take(tasks, 'ann');
      await opened.elapse(1);
      await tasks.submit(taskDraft('b'));
      await opened.elapse(1);
      await tasks.release(lease);
      assert.deepEqual(await drain(tasks), ['b', 'a']);
    });

    it('give only what an agent can do', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('both', { capabilities: ['gpu', 'rust'] }));
      await tasks.submit(taskDraft('gpu', { capabilities: ['gpu'] }));
      await tasks.submit(taskDraft('case', { capabilities: ['GPU'] }));
      assert.deepEqual(await drain(tasks, { capabilities: [] }), []);
      assert.deepEqual(await drain(tasks, { capabilities: ['rust', 'gp'] }), []);
      assert.deepEqual(await drain(tasks, { capabilities: ['gpu', 'wasm'] }), ['gpu']);
      await tasks.submit(taskDraft('free'));
      await opened.elapse(1);
      assert.deepEqual((await drain(tasks, { capabilities: ['wasm', 'rust', 'gpu'] })).sort(), [
        'both',
        'free',
      ]);
      assert.equal(await stateOf(tasks, 'case'), 'ready');
    });

    it('give what an agent can do, however much waits that it cannot', async () => {
      await using opened = await open();
      for (let i = 0; i < 120; i++)
        await opened.tasks.submit(
          taskDraft(`${i}`, { capabilities: [`rare ${i % 40}`], priority: 'critical' }),
        );
      await opened.tasks.submit(taskDraft('plain', { priority: 'archive' }));
      assert.deepEqual(await drain(opened.tasks, { capabilities: ['rare'] }), ['plain']);
    });

    it('are told before, in their order, and lease nothing then', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const ann = { namespaces: ['shop', 'bank'], agent: 'ann', capabilities: ['rust', 'gpu'] };
      assert.deepEqual(await tasks.claimable(ann, 5), { tasks: [], total: 0 });
      for (const [id, capabilities, priority] of [
        ['late', ['rust'], 'low'],
        ['soon', ['gpu'], 'critical'],
        ['both', ['gpu', 'rust'], 'high'],
        ['never', ['paint'], 'critical'],
      ] as const)
        await tasks.submit(taskDraft(id, { capabilities: [...capabilities], priority }));
      await tasks.submit(taskDraft('money', { namespace: 'bank' }));
      await tasks.submit(taskDraft('elsewhere', { namespace: 'sho' }));
      await tasks.submit(taskDraft('mine', { priority: 'archive' }), { agent: 'ann', ms: 60_000 });
      await tasks.submit(taskDraft('his', { priority: 'critical' }), { agent: 'bob', ms: 60_000 });
      await tasks.submit(taskDraft('waits', { dependsOn: ['late'] }));
      const told = await opened.others.claimable(ann, 100);
      assert.equal(told.total, 5);
      const ids = told.tasks.map(({ id }) => id);
      assert.deepEqual(ids, ['mine', 'soon', 'both', 'money', 'late']);
      const some = await tasks.claimable(ann, 3);
      assert.deepEqual([some.tasks, some.total], [told.tasks.slice(0, 3), 5]);
      const claimed = await tasks.claim(want('ann', { ...ann, count: 9 }));
      assert.deepEqual(
        claimed.map(({ task }) => task.id),
        ids,
      );
      assert.deepEqual(await tasks.claimable(ann, 3), { tasks: [], total: 0 });
      // An offer and a lease that are over count as a claim would count them.
      await opened.elapse(60_000);
      const over = await tasks.claimable({ ...ann, capabilities: [] }, 9);
      assert.deepEqual([over.tasks.map(({ id }) => id).sort(), over.total], [['his', 'mine', 'money'], 3]);
    });

    it('keep namespaces apart', async () => {
      await using opened = await open();
      const { tasks } = opened;
      for (const namespace of ['shop', 'bank', 'sho', 'shop:x'])
        await tasks.submit(taskDraft('a', { namespace, title: namespace }));
      const claim = async (...namespaces: string[]) => {
        const claimed = await tasks.claim(want('ann', { namespaces, count: 9 }));
        return claimed.map(({ task }) => task.namespace).sort();
      };
      assert.deepEqual(await claim('none'), []);
      assert.deepEqual(await claim('sho'), ['sho']);
      assert.deepEqual(await claim('shop', 'none', 'bank', 'shop'), ['bank', 'shop']);
      assert.equal((await tasks.get({ namespace: 'shop:x', id: 'a' }))?.state, 'ready');
      assert.equal((await tasks.get({ namespace: 'shop', id: 'a' }))?.title, 'shop');
    });

    it('give only the named tasks where some are named, in that order', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('first', { priority: 'critical' }));
      for (const id of ['a', 'b', 'c']) await tasks.submit(taskDraft(id));
      await tasks.submit(taskDraft('hard', { capabilities: ['gpu'] }));
      await tasks.submit(taskDraft('waits', { dependsOn: ['a'] }));
      await tasks.submit(taskDraft('offered'), { agent: 'bob', ms: 60_000 });
      const claim = async (...ids: string[]) =>
        (await tasks.claim(want('ann', { ids, count: 9 }))).map(({ task }) => task.id);
      assert.deepEqual(await claim('hard', 'waits', 'offered', 'missing'), []);
      assert.deepEqual(await claim('c', 'a', 'c'), ['c', 'a']);
      assert.deepEqual(await claim('a'), []);
      const one = await tasks.claim(want('bob', { ids: ['offered', 'b'] }));
      assert.deepEqual(
        one.map(({ task }) => task.id),
        ['offered'],
      );
    });

    it('keep an offered task for one agent, until the offer is over', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const { task } = await tasks.submit(taskDraft('offered', { priority: 'low' }), {
        agent: 'bob',
        ms: 60_000,
      });
      assert.deepEqual([task.offeredTo, task.offerUntil! - task.createdAt], ['bob', 60_000]);
      await tasks.submit(taskDraft('open', { priority: 'critical' }));
      await opened.elapse(20_000);
      assert.deepEqual(await drain(tasks), ['open']);
      await tasks.submit(taskDraft('urgent', { priority: 'critical' }));
      const [first] = await tasks.claim(want('bob'));
      assert.deepEqual(
        [first?.task.id, first?.task.offeredTo, first?.task.offerUntil],
        ['offered', null, null],
      );
      assert.deepEqual(await drain(tasks), ['urgent']);
    });

    it('open an offered task to all when the offer is over', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('a'), { agent: 'bob', ms: 60_000 });
      await opened.elapse(60_000);
      assert.deepEqual(await drain(tasks), ['a']);
    });

    it('give no offered task to one that cannot do it', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('a', { capabilities: ['gpu'] }), { agent: 'bob', ms: 60_000 });
      assert.deepEqual(await drain(tasks, { agent: 'bob' }), []);
      assert.deepEqual(await drain(tasks, { agent: 'bob', capabilities: ['gpu'] }), ['a']);
    });
  });
}

/** Ids of all that this agent gets, one by one. */
async function drain(store: TaskStore, request: Partial<ClaimRequest> = {}): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const [claimed] = await store.claim({ ...want('ann'), ...request });
    if (!claimed) return ids;
    ids.push(claimed.task.id);
  }
}
