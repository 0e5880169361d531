import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { openTools, refused } from '../fixtures/openTools.ts';
import { startRedis } from '../fixtures/redis.ts';

describe('agents whose central Redis was emptied under them', () => {
  it('leave nothing there, and are told why', async () => {
    await using redis = await startRedis();
    await using tools = await openTools({ 'redis.url': redis.url });
    await tools.call('store_memory', { content: 'Known here' });
    await tools.call('distribute_task', { title: 'First' });
    const client = new Redis(redis.url);
    try {
      await client.flushall();
      // It reads only, until it is noticed.
      const noticed = async () =>
        tools.call('list_tasks').then(
          () => false,
          () => true,
        );
      while (!(await noticed())) await sleep(50);
      for (const [name, input] of [
        ['distribute_task', { title: 'Second' }],
        ['get_pending_tasks', { claim: true }],
        ['register_agent', { agent_id: 'ann' }],
        ['claim_files', { globs: ['src/**'] }],
        ['share_context_with_agent', { to_agent: '*', content: 'Words' }],
        ['list_tasks', {}],
      ] as const)
        await refused(tools.call(name, input), 'unavailable', /holds another memory.*docs\/operations\.md/);
      const left = await client.keys('*');
      assert.deepEqual(
        left.filter(key => /task|agent|files|context/.test(key)),
        [],
      );
    } finally {
      client.disconnect();
    }
  });
});
