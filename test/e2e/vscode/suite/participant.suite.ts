import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { callTool, store } from './callTool.ts';
import { scriptedModel } from './scriptedModel.ts';

interface Turn {
  readonly errorDetails?: { readonly message: string };
  readonly metadata?: { readonly command: string; readonly found?: number };
}

/** What `@memory` made of it in a new chat; what it wrote is looked at from outside. */
async function ask(query: string): Promise<Turn> {
  await vscode.commands.executeCommand('workbench.action.chat.newChat');
  const turn = await vscode.commands.executeCommand<Turn>('workbench.action.chat.open', {
    query,
    mode: 'ask',
    blockOnResponse: true,
  });
  return turn;
}

describe('@memory', () => {
  before(async () => {
    await scriptedModel();
    await store('Invoices are rounded per line, never per sum: the auditors asked for it.');
  });

  it('shows what it recalls', async () => {
    const { metadata } = await ask('@memory /recall how are invoices rounded');
    assert.equal(metadata?.command, 'recall');
    assert.ok(metadata.found);
  });

  it('answers with the model from what was recalled, quoted as data', async () => {
    const script = await scriptedModel();
    const before = script.asked.length;
    await ask('@memory how are invoices rounded?');
    const asked = script.asked.slice(before).find(text => text.includes('between the two marks'));
    assert.match(asked ?? '', /^> Invoices are rounded per line/m);
  });

  it('remembers what a person says', async () => {
    const { metadata } = await ask('@memory /remember The staging database is reset every night at two.');
    assert.equal(metadata?.command, 'remember');
    assert.match(
      await callTool('semantic_search', { query: 'staging database reset' }),
      /every night at two/,
    );
  });

  it('offers what it would forget, and deletes nothing by itself', async () => {
    const { metadata } = await ask('@memory /forget invoices rounded');
    assert.equal(metadata?.command, 'forget');
    assert.match(await callTool('semantic_search', { query: 'invoices rounded' }), /rounded per line/);
  });

  it('tells its state', async () => {
    assert.equal((await ask('@memory /status')).metadata?.command, 'status');
  });

  it('says what is missing', async () => {
    assert.match((await ask('@memory /remember')).errorDetails?.message ?? '', /nothing to remember/);
  });
});
