import assert from 'node:assert/strict';
import { waitingReason } from '../../../src/engine/tasks/waitingReason.ts';
import { openTools } from '../../fixtures/openTools.ts';

describe('why nobody works on a task', () => {
  it('is a lease that ended, too, before anybody has noticed', async () => {
    await using tools = await openTools();
    await tools.call('distribute_task', { title: 'A', task_id: 'a' });
    await tools.call('get_pending_tasks', { claim: true });
    const { tasks } = await tools.engine.tasks.list({}, { limit: 1, offset: 0 });
    const { task } = tasks[0]!;
    const end = task.leaseUntil!;
    assert.equal(waitingReason(task, [], [], end - 1), undefined);
    assert.equal(waitingReason(task, [], [], end + 4500), 'its lease ended 5 s ago');
    assert.equal(waitingReason(task, [], [], end + 7_100_000), 'its lease ended 118 min ago');
    assert.equal(waitingReason(task, [], [], end + 7_200_000), 'its lease ended 2 h ago');
  });

  it('is what has to be done before, by its title, of which the first three are named', async () => {
    await using tools = await openTools();
    const titles = [
      'Draw',
      'Paint the tower with all of its windows, from each of its four sides',
      'Glaze',
      'Burn',
    ];
    for (const [i, title] of titles.entries())
      await tools.call('distribute_task', { title, task_id: `${i}` });
    const depends_on = ['0', '1', '2', '3'];
    await tools.call('distribute_task', { title: 'Sell', task_id: 'sell', depends_on });
    const { tasks } = await tools.engine.tasks.list({}, { limit: 9, offset: 0 });
    const [sell, ...others] = tasks.map(({ task }) => task);
    const inTurn = others.toSorted((a, b) => a.id.localeCompare(b.id));
    assert.equal(
      waitingReason(sell!, [], inTurn, 0),
      'waits for “Draw” (0, ready), “Paint the tower with all of its windows, from each of its f…” (1, ready), “Glaze” (2, ready), 1 more',
    );
    assert.equal(waitingReason(sell!, [], [], 0), 'is ready in a moment');
  });
});
