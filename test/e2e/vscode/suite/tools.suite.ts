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
