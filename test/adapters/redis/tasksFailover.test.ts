import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import type { Task } from '../../../src/engine/model/task.ts';
import { refuses } from '../../contract/records/refuses.ts';
import { openRedisTasks } from '../../fixtures/openRedisTasks.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { type RedisSentinels, startRedisSentinels } from '../../fixtures/redisSentinels.ts';
import { key, submitAndTake, take, taskDraft } from '../../fixtures/taskDrafts.ts';
import { until } from '../../fixtures/until.ts';

describe('tasks behind Sentinels', function () {
  // Sentinels that were held up do nothing for 30 s ("TILT"), each time: several such waits are to come to their own end.
  this.timeout(180_000);
  let group: RedisSentinels;

  beforeEach(async () => {
    group = await startRedisSentinels();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.log(await stateOf(group));
    await group[Symbol.asyncDispose]();
  });

  const open = () =>
    openRedisTasks(redisOptions({ sentinels: group.sentinels, sentinelName: group.name }), '');

  it('keep their leases and what was acknowledged when the primary dies', async () => {
    await using opened = await open();
    const { tasks } = opened;
    const done = await submitAndTake(tasks, 'done');
    await tasks.complete(done, { n: 1 }, {});
    const lease = await submitAndTake(tasks, 'held');
    await tasks.submit(taskDraft('waiting'));
    await group.primary.kill();
    // All of them: a primary that is back before they have agreed stays the primary.
    await until(async () => {
      const named = group.watchers.map(one => one.cli('sentinel', 'get-master-addr-by-name', group.name));
      return (await Promise.all(named)).every(address => address.includes(`${group.replica.port}`));
    });
    await until(async () => (await group.replica.cli('role')).startsWith('master'));
    // Until a replica is back nothing is acknowledged; the Sentinels cut connections while they make it one.
    await group.primary.restart();
    await until(async () => {
      const role = await group.primary.cli('info', 'replication');
      return role.includes('role:slave') && role.includes('master_link_status:up');
    });
    const completed = await insist(() => tasks.complete(lease, { n: 2 }, {}));
    assert.deepEqual([completed.state, completed.fence], ['completed', 1]);
    assert.deepEqual((await insist(() => tasks.get(key('done')))).result, { n: 1 });
    assert.equal((await take(tasks, 'worker')).id, 'waiting');
    await refuses('stale_lease', tasks.complete({ ...lease, leaseId: 'another' }, {}, {}));
  });

  it('change for good once a replica has it, and are changed once where that is asked again', async () => {
    await using opened = await open();
    const { tasks } = opened;
    const lease = await submitAndTake(tasks, 'a');
    group.replica.hang();
    await refuses('unavailable', tasks.complete(lease, { n: 1 }, {}));
    // Whoever only looks waits for no replica.
    assert.equal((await tasks.list({}, { limit: 10, offset: 0 })).total, 1);
    assert.equal((await tasks.counts(undefined)).byState.completed, 1);
    group.replica.wake();
    const task = await insist(() => tasks.complete(lease, { n: 2 }, {}));
    assert.deepEqual([task.state, task.result], ['completed', { n: 1 }]);
    const events = (await tasks.history(key('a'))).map(({ event }) => event);
    assert.deepEqual(events, ['submit', 'claim', 'complete']);
  });
});

/** What servers and Sentinels say, for whoever looks why nobody became the primary. */
async function stateOf({ primary, replica, watchers }: RedisSentinels): Promise<string> {
  const asked = [
    ...[primary, replica].map(server => server.cli('info', 'replication')),
    ...watchers.map(server => server.cli('info', 'sentinel')),
  ];
  const told = await Promise.allSettled(asked);
  return told.map(one => (one.status === 'fulfilled' ? one.value : String(one.reason))).join('\n');
}

/** Again until the store answers. */
async function insist(call: () => Promise<Task | undefined>): Promise<Task> {
  let task: Task | undefined;
  await until(async () => {
    task = await call().catch(error => {
      if (MemoryError.is(error, 'unavailable')) return undefined;
      throw error;
    });
    return task !== undefined;
  });
  return task!;
}
