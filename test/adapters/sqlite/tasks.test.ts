import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { connect } from '../../../src/adapters/sqlite/connect.ts';
import type { DriverName } from '../../../src/adapters/sqlite/driver.ts';
import { migrate } from '../../../src/adapters/sqlite/migrations.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { SqliteTaskStore } from '../../../src/adapters/sqlite/work/sqliteTaskStore.ts';
import { refuses } from '../../contract/records/refuses.ts';
import { tasksContract } from '../../contract/tasks.contract.ts';
import { openSqliteTasks } from '../../fixtures/openSqliteTasks.ts';
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
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { watchStatements } from '../../fixtures/watchStatements.ts';

for (const driver of availableDrivers()) {
  tasksContract(`the embedded TaskStore on ${driver}`, () => openSqliteTasks(driver));

  describe(`times of the embedded TaskStore on ${driver}`, () => {
    it('hold a lease to its last millisecond', async () => {
      await using opened = await openSqliteTasks(driver, 0);
      const { tasks } = opened;
      const lease = await submitAndTake(tasks, 'a');
      await opened.elapse(LEASE_MS - 1);
      assert.equal((await tasks.tick(10)).moved, 0);
      await tasks.renew({ lease, leaseMs: 100 });
      await opened.elapse(99);
      await tasks.renew({ lease, leaseMs: 1 });
      await opened.elapse(1);
      await refuses('stale_lease', tasks.renew({ lease }));
      await refuses('stale_lease', tasks.complete(lease, {}, {}));
      assert.equal(await stateOf(tasks, 'a'), 'leased');
      assert.equal((await tasks.tick(10)).moved, 1);
      assert.equal(await stateOf(tasks, 'a'), 'ready');
    });

    it('hold an offer, a pause and a deadline to their last millisecond', async () => {
      await using opened = await openSqliteTasks(driver, 0);
      const { tasks } = opened;
      await tasks.submit(taskDraft('offered'), { agent: 'bob', ms: 100 });
      const failed = await submitAndTake(tasks, 'failed');
      await tasks.fail(failed, { reason: 'broken', retryable: true, jitter: 0, retryAfterMs: 100 });
      await tasks.submit(taskDraft('late', { capabilities: ['rare'], deadline: (await opened.now()) + 100 }));
      await opened.elapse(99);
      assert.deepEqual(await tasks.claim(want('ann')), []);
      assert.equal((await tasks.tick(10)).moved, 0);
      await opened.elapse(1);
      const [first, second] = await tasks.claim(want('ann', { count: 2 }));
      assert.deepEqual([first?.task.id, second?.task.id], ['offered', 'failed']);
      assert.equal(await stateOf(tasks, 'late'), 'dead');
    });

    it('order what is ready at one moment by its id', async () => {
      await using opened = await openSqliteTasks(driver, 0);
      const { tasks } = opened;
      const ids = ['b', 'ä', 'B', '🦊', '10', 'a', '9', '\uffee'];
      for (const id of ids) await tasks.submit(taskDraft(id, { capabilities: id < 'a' ? [] : ['x'] }));
      const claimed = await tasks.claim(want('ann', { count: 9, capabilities: ['x'] }));
      assert.deepEqual(
        claimed.map(({ task }) => task.id),
        ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      );
    });
  });

  describe(`the file of tasks on ${driver}`, () => {
    it('is never searched from end to end by what agents do', async () => {
      await using opened = await openWatched(driver);
      const { tasks } = opened;
      await tasks.submit(taskDraft('a', { idempotencyKey: 'a' }), { agent: 'ann', ms: LEASE_MS });
      await tasks.submit(taskDraft('b', { dependsOn: ['a'] }));
      const lease = await take(tasks, 'ann');
      await tasks.renew({ lease, note: 'x' });
      await tasks.complete(lease, {}, {});
      const [claimed] = await tasks.claim(want('ann', { ids: ['b'] }));
      await tasks.fail(leaseOf(claimed!), { reason: 'x', retryable: true, jitter: 0 });
      await tasks.claim(want('ann'));
      await tasks.releaseAll('shop', 'ann', true);
      await tasks.tick(10);
      await tasks.list({ agent: 'ann', namespaces: ['shop'] }, { limit: 10, offset: 0 });
      await tasks.list({ states: ['ready'], namespaces: ['shop'] }, { limit: 10, offset: 0 });
      await tasks.cancel(key('b'), 'why', 'ada');
      await tasks.purge({ states: ['completed'] }, Number.MAX_SAFE_INTEGER, 10);
      const plans = opened.plans();
      assert.ok(plans.length > 20, `${plans.length} statements`);
      assert.deepEqual(
        plans.filter(({ plan }) => /SCAN (tasks|t|d|task_history|task_dependencies)\b/.test(plan)),
        [],
      );
    });

    it('keeps nothing of a task that was purged', async () => {
      await using opened = await openWatched(driver);
      const { tasks, database } = opened;
      await tasks.submit(taskDraft('a', { capabilities: ['x'] }));
      await tasks.submit(taskDraft('b', { dependsOn: ['a'] }));
      await tasks.cancel(key('a'), 'why', 'ada');
      assert.equal(await tasks.purge({ states: ['cancelled'] }, Number.MAX_SAFE_INTEGER, 10), 2);
      for (const table of ['tasks', 'task_history', 'task_dependencies', 'task_signatures'])
        assert.equal(database.get(`SELECT count(*) AS n FROM ${table}`)?.['n'], 0, table);
    });
  });
}

/** A store whose statements are noted, with how SQLite answers them. */
async function openWatched(driver: DriverName) {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'memory.db');
  const database = await connect(path, driver, 5_000);
  await migrate(database, identity.newId, Date.now);
  const plans = watchStatements(database);
  return {
    database,
    tasks: new SqliteTaskStore(database, Date.now),
    plans,
    async [Symbol.asyncDispose]() {
      database.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
