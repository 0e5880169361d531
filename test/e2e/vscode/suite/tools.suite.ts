import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { callTool, store } from './callTool.ts';

describe('language-model tools', () => {
  it('store in one call and recall in another', async () => {
    const id = await store('The release branch is cut on the first Tuesday of the month.');
    const found = await callTool('semantic_search', { query: 'when is the release branch cut' });
    assert.ok(found.includes(id), found);
  });

  it('tell the model what was wrong and what to do', async () => {
    await assert.rejects(
      callTool('store_memory', { content: 'x', colour: 'red' }),
      /unknown argument "colour"/,
    );
    await assert.rejects(callTool('retrieve_memory', { memory_id: 'missing' }), /not_found.*semantic_search/);
  });

  it('queue a task, claim it, and hand its result back', async () => {
    const title = 'Draw the boundary of the billing module';
    await callTool('distribute_task', { title, task_id: 'boundary' });
    assert.match(await callTool('list_tasks', {}), new RegExp(`^boundary \\[ready, medium\\] ${title}`, 'm'));
    assert.match(
      await callTool('get_pending_tasks', { claim: true, task_ids: ['boundary'] }),
      /^Leased to vscode-/,
    );
    await callTool('complete_task', { task_id: 'boundary', result: { modules: 3 } });
    assert.match(
      await callTool('list_tasks', { task_id: 'boundary' }),
      /completed.*\n {2}result: {"modules":3}/,
    );
    await assert.rejects(callTool('complete_task', { task_id: 'nothing' }), /stale_lease.*get_pending_tasks/);
  });

  it('that are switched off are not called', async () => {
    const settings = vscode.workspace.getConfiguration('memoryCentral');
    assert.match(await callTool('list_agents', {}), /VS Code on |^Nobody works here/);
    await settings.update('tools.sets', 'memory tasks', vscode.ConfigurationTarget.Global);
    try {
      await assert.rejects(
        callTool('list_agents', {}),
        /forbidden: .*switched off.*memoryCentral\.tools\.sets/,
      );
      assert.match(await callTool('list_tasks', { task_id: 'boundary' }), /completed/);
    } finally {
      await settings.update('tools.sets', undefined, vscode.ConfigurationTarget.Global);
    }
    assert.match(await callTool('list_agents', {}), /VS Code on |^Nobody works here/);
  });

  it('end with the token that cancels them', async () => {
    const source = new vscode.CancellationTokenSource();
    const call = vscode.lm.invokeTool(
      'memoryCentral_semantic_search',
      { input: { query: 'anything at all' }, toolInvocationToken: undefined },
      source.token,
    );
    source.cancel();
    await assert.rejects(async () => call, /[Cc]ancel/);
  });
});
