import assert from 'node:assert/strict';
import type { OpenTasks } from '../../fixtures/openTasks.ts';
import { submitAndTake, taskDraft } from '../../fixtures/taskDrafts.ts';

const HOUR = 3_600_000;

/** What a TaskStore tells of the last hours. */
export function trendContract(name: string, open: () => Promise<OpenTasks>): void {
  describe(`how tasks ended in ${name}`, () => {
    it('is told hour by hour, without those that were purged', async () => {
      await using opened = await open();
      const { tasks } = opened;
      const trend = async (namespaces: readonly string[] | undefined, hours = 3) => {
        const { completed, dead, cancelled } = await opened.others.trend(namespaces, hours);
        return [completed, dead, cancelled].map(counts => counts.join(' '));
      };
      assert.deepEqual(await trend(undefined), ['0 0 0', '0 0 0', '0 0 0']);
      for (const id of ['a', 'b']) await tasks.complete(await submitAndTake(tasks, id), {}, {});
      const elsewhere = taskDraft('c', { namespace: 'bank' });
      await tasks.submit(elsewhere);
      await tasks.cancel(elsewhere, 'why', 'ada');
      await opened.elapse(1.5 * HOUR);
      await tasks.fail(await submitAndTake(tasks, 'dead'), { reason: 'broken', retryable: false, jitter: 0 });
      await tasks.complete(await submitAndTake(tasks, 'd'), {}, {});
      await submitAndTake(tasks, 'busy', { leaseMs: 100 * HOUR });
      assert.deepEqual(await trend(undefined), ['0 2 1', '0 0 1', '0 1 0']);
      assert.deepEqual(await trend(['shop']), ['0 2 1', '0 0 1', '0 0 0']);
      assert.deepEqual(await trend(['bank', 'shop'], 1), ['1', '1', '0']);
      assert.deepEqual(await trend([]), ['0 0 0', '0 0 0', '0 0 0']);
      await opened.elapse(2 * HOUR);
      assert.deepEqual(await trend(undefined), ['1 0 0', '1 0 0', '0 0 0']);
      await tasks.purge({ states: ['dead'] }, await opened.now(), 10);
      assert.deepEqual(await trend(undefined), ['1 0 0', '0 0 0', '0 0 0']);
    });
  });
}
