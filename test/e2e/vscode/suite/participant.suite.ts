import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { store } from './callTool.ts';

interface ChatAnswer {
  readonly response: string;
  readonly references: string;
}

/** What `@memory` answered in a new chat. */
async function ask(query: string): Promise<ChatAnswer> {
  await vscode.commands.executeCommand('workbench.action.chat.newChat');
  const answer = await vscode.commands.executeCommand<unknown>('workbench.action.chat.open', {
    query,
    mode: 'ask',
    blockOnResponse: true,
  });
  return { response: JSON.stringify(answer ?? null), references: JSON.stringify(answer ?? null) };
}

describe('@memory', () => {
  before(async () => {
    await store('Invoices are rounded per line, never per sum: the auditors asked for it.');
  });

  it('shows what it recalls', async () => {
    const { response } = await ask('@memory /recall how are invoices rounded');
    assert.match(response, /rounded per line/);
  });

  it('remembers, and finds it afterwards', async () => {
    await ask('@memory /remember The staging database is reset every night at two.');
    const { response } = await ask('@memory /recall staging database reset');
    assert.match(response, /every night at two/);
  });

  it('offers what it would forget, and deletes nothing by itself', async () => {
    const { response } = await ask('@memory /forget invoices rounded');
    assert.match(response, /Forget/);
    assert.match((await ask('@memory /recall how are invoices rounded')).response, /rounded per line/);
  });

  it('tells its state', async () => {
    assert.match((await ask('@memory /status')).response, /namespace: github\.com/);
  });
});
