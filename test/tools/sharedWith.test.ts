import assert from 'node:assert/strict';
import { callerNamed, claude, editor } from '../fixtures/callers.ts';
import { onEachStore } from '../fixtures/onEachStore.ts';
import { openTools, refused } from '../fixtures/openTools.ts';
import { startRedis } from '../fixtures/redis.ts';

const bot = callerNamed('build-bot');

onEachStore('shared_with of a memory', open => {
  it('takes principals, clients under any of their names, and agents', async () => {
    await using tools = await open();
    await tools.as(bot).call('register_agent', { agent_id: 'nightly' });
    for (const [shared_with, means] of [
      [['Codex-MCP-Client', 'codex'], ['codex']],
      [['Visual Studio Code'], ['vscode']],
      [['Build Bot'], ['build-bot']],
      [['nightly'], ['ada@host/build-bot']],
      [['eve@elsewhere/unknown'], ['eve@elsewhere/unknown']],
    ]) {
      const { id } = await tools.call('store_memory', { content: `For ${shared_with}`, shared_with });
      const kept = await tools.call('retrieve_memory', { memory_id: id });
      assert.deepEqual([kept['visibility'], kept['shared_with']], ['shared', means]);
    }
    const sees = async (caller: typeof bot) =>
      (await tools.as(caller).call('get_agent_memories'))['total'] as number;
    assert.deepEqual([await sees(bot), await sees(editor), await sees(callerNamed('zed'))], [2, 1, 0]);
  });

  it('refuses a name of nobody and says who there is, wherever it is given', async () => {
    await using tools = await open();
    await tools.as(bot).call('register_agent', { agent_id: 'nightly' });
    const wrong = { content: 'x', memory_id: 'x', shared_with: ['claude-cod'] };
    const words = /Nobody here is called "claude-cod"\. Nothing was changed\..*claude-code.*nightly/;
    await refused(tools.call('store_memory', wrong), 'not_found', words);
    const everybody = { content: 'x', shared_with: ['*'] };
    await refused(tools.call('store_memory', everybody), 'invalid_input', /visibility public/);
    for (const atomic of [true, false]) {
      const operations = [{ op: 'store_memory', args: wrong }];
      const { failed } = await tools
        .call('batch_operations', { operations, atomic })
        .catch(() => ({ failed: 1 }));
      assert.equal(failed, 1);
    }
    assert.equal((await tools.call('get_agent_memories'))['total'], 0);
    await tools.call('store_memory', { content: 'Mine', memory_id: 'm', visibility: 'private' });
    const update = { memory_id: 'm', visibility: 'shared', shared_with: ['claude-cod'] };
    await refused(tools.call('update_memory', update), 'not_found', words);
    await tools.call('update_memory', { ...update, shared_with: ['Claude'] });
    const { shared_with } = await tools.call('retrieve_memory', { memory_id: 'm' });
    assert.deepEqual(shared_with, ['claude-code']);
  });

  it('keeps the names that it has, though nobody of them is here any more', async () => {
    await using tools = await open();
    const there = tools.as(bot);
    await there.call('register_agent');
    await tools.call('store_memory', { content: 'Mine', memory_id: 'm', shared_with: ['build-bot'] });
    await there.call('unregister_agent');
    const update = { memory_id: 'm', shared_with: ['build-bot', 'vscode'] };
    await tools.call('update_memory', update);
    const { shared_with } = await tools.call('retrieve_memory', { memory_id: 'm' });
    assert.deepEqual(shared_with, ['build-bot', 'vscode']);
  });
});

describe('shared_with of a memory, while Redis is out of reach', function () {
  this.timeout(30_000);

  it('takes a name that it cannot know for a client', async () => {
    const redis = await startRedis();
    await using tools = await openTools({ 'redis.url': redis.url, 'redis.deadlineMs': 500 });
    await tools.call('store_memory', { content: 'before' });
    await redis[Symbol.asyncDispose]();
    await tools.call('store_memory', { content: 'Mine', memory_id: 'm', shared_with: ['Build Bot'] });
    assert.equal((await tools.as(bot).call('get_agent_memories'))['total'], 2);
    const { shared_with } = await tools.as(claude).call('retrieve_memory', { memory_id: 'm' });
    assert.deepEqual(shared_with, ['build-bot']);
  });
});
