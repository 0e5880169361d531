import assert from 'node:assert/strict';
import type { OpenTasks } from '../../fixtures/openTasks.ts';
import { key, stateOf, submitAndTake, take, taskDraft } from '../../fixtures/taskDrafts.ts';
import { refuses } from '../records/refuses.ts';

/** How a TaskStore takes tasks. */
export function submissionContract(name: string, open: () => Promise<OpenTasks>): void {
  describe(`submission to ${name}`, () => {
    it('keeps all that is said of a task, and begins the rest empty', async () => {
      await using opened = await open();
      const draft = taskDraft('naïve 🦊:{x}*', {
        title: 'Ein Titel\nin zwei Zeilen "quoted" \\ %',
        description: 'd'.repeat(50_000),
        payload: {
          deep: [{ '': null, n: -1.5e300, yes: true, '10': 'ten' }],
          text: '\u0000 \ud83e\udd8a',
          empty: {},
          list: [],
        },
        priority: 'archive',
        capabilities: ['a b', 'gpu', 'ä,"'],
        preferredAgent: 'agent "1"',
        deadline: (await opened.now()) + 3_600_000,
        retry: { max: 0, baseMs: 0, factor: 1.5, capMs: 7 },
        leaseMs: 1234,
        maxLosses: 5,
        idempotencyKey: 'key 🦊',
        owner: 'ada@host/vscode',
        submittedBy: '',
      });
      const { task, created } = await opened.tasks.submit(draft);
      assert.ok(created);
      const { createdAt, updatedAt, ...rest } = task;
      assert.deepEqual(rest, {
        ...draft,
        state: 'ready',
        fence: 0,
        failures: 0,
        losses: 0,
        holder: null,
        leaseUntil: null,
        offeredTo: null,
        offerUntil: null,
        dueAt: null,
        openDependencies: 0,
        progress: null,
        note: null,
        question: null,
        answer: null,
        result: null,
        metrics: null,
        reason: null,
        finishedAt: null,
        version: 1,
      });
      assert.ok(createdAt > 1_600_000_000_000 && createdAt === updatedAt);
      assert.deepEqual(await opened.others.get(draft), task);
    });

    it('carries a big payload and a big result', async () => {
      await using opened = await open();
      const big = { text: 'ü'.repeat(500_000), rows: Array.from({ length: 5_000 }, (_, i) => [i, `${i}`]) };
      const lease = await submitAndTake(opened.tasks, 'big', { payload: big });
      await opened.tasks.complete(lease, big, {});
      const task = await opened.others.get(key('big'));
      assert.deepEqual([task?.payload, task?.result], [big, big]);
    });

    it('answers undefined for what is not there, and refuses to change it', async () => {
      await using opened = await open();
      const { tasks } = opened;
      await tasks.submit(taskDraft('here'));
      for (const missing of [key('there'), { namespace: 'bank', id: 'here' }]) {
        assert.equal(await tasks.get(missing), undefined);
        assert.deepEqual(await tasks.history(missing), []);
        await refuses('not_found', tasks.cancel(missing, 'why', 'me'));
        await refuses('not_found', tasks.requeue(missing, 'me'));
        await refuses('not_found', tasks.answer(missing, 'yes', 'me'));
        await refuses('not_found', tasks.complete({ ...missing, fence: 1, leaseId: 'x' }, {}, {}));
      }
    });

    it('takes a task with the same key once', async () => {
      await using opened = await open();
      const first = taskDraft('a', { idempotencyKey: 'deploy' });
      const { task } = await opened.tasks.submit(first);
      await take(opened.tasks, 'worker');
      const again = await opened.others.submit(taskDraft('b', { idempotencyKey: 'deploy', title: 'Other' }));
      assert.equal(again.created, false);
      assert.deepEqual([again.task.id, again.task.title, again.task.state], ['a', task.title, 'leased']);
      assert.equal(await opened.tasks.get(key('b')), undefined);
      const elsewhere = await opened.tasks.submit(
        taskDraft('a', { idempotencyKey: 'deploy', namespace: 'bank' }),
      );
      assert.ok(elsewhere.created);
      assert.ok((await opened.tasks.submit(taskDraft('c', { idempotencyKey: 'Deploy' }))).created);
    });

    it('takes the same task with the same id once', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const draft = taskDraft('a', { payload: { n: 1, list: [1, 2] } });
      await tasks.submit(draft);
      const again = await tasks.submit({ ...draft, priority: 'critical' });
      assert.deepEqual([again.created, again.task.priority], [false, 'medium']);
      await refuses('conflict', tasks.submit({ ...draft, payload: { n: 2, list: [1, 2] } }));
      await refuses('conflict', tasks.submit({ ...draft, title: 'Other' }));
      await refuses('conflict', tasks.submit({ ...draft, owner: 'bob@host' }));
      assert.ok((await tasks.submit({ ...draft, namespace: 'bank' })).created);
      assert.ok((await tasks.submit({ ...draft, id: 'A' })).created);
    });

    it('takes one of many that are submitted at once with one key', async () => {
      await using opened = await open();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          (i % 2 ? opened.tasks : opened.others).submit(taskDraft(`${i}`, { idempotencyKey: 'once' })),
        ),
      );
      assert.equal(outcomes.filter(({ created }) => created).length, 1);
      assert.equal(new Set(outcomes.map(({ task }) => task.id)).size, 1);
      assert.equal((await opened.tasks.list({}, { limit: 10, offset: 0 })).total, 1);
    });

    it('refuses text that some store could not carry', async () => {
      await using opened = await open();
      await refuses('invalid_input', opened.tasks.submit(taskDraft('a', { title: 'half \ud800' })));
      await refuses('invalid_input', opened.tasks.submit(taskDraft('a', { description: 'NUL \0' })));
      assert.equal(await stateOf(opened.tasks, 'a'), undefined);
    });
  });
}
