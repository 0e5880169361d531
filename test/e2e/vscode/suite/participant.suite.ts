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

  it('knows what matters when a conversation begins, unless that is switched off', async () => {
    const script = await scriptedModel();
    const asked = async (question: string) => {
      const before = script.asked.length;
      await ask(`@memory ${question}`);
      return script.asked.slice(before).find(text => text.includes('between the two marks')) ?? '';
    };
    const digest = /What matters in this repository.*\n> Notes from the shared memory on .*(\n> - .*)+/;
    assert.match(await asked('who asked for the rounding of invoices?'), digest);
    const settings = vscode.workspace.getConfiguration('memoryCentral');
    await settings.update('chat.digest', false, vscode.ConfigurationTarget.Global);
    try {
      const text = await asked('who asked that invoices are rounded per line?');
      assert.match(text, /^> Invoices are rounded per line/m);
      assert.doesNotMatch(text, digest);
    } finally {
      await settings.update('chat.digest', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('shows the digest', async () => {
    const { metadata } = await ask('@memory /digest');
    assert.equal(metadata?.command, 'digest');
    assert.ok(metadata.found);
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

  it('knows what is remembered of the open file, where a person wants that', async () => {
    const script = await scriptedModel();
    // More than an answer is drawn from: what has nothing to do with the question is not among them.
    for (let desk = 1; desk <= 8; desk++) await store(`Invoices of desk ${desk} are rounded per line.`);
    await callTool('store_memory', {
      content: 'Five tries, as the bank drops one call in a hundred.',
      anchors: [{ path: 'src/retry.ts', startLine: 1, endLine: 1 }],
    });
    const [folder] = vscode.workspace.workspaceFolders!;
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder!.uri, 'src', 'retry.ts'));
    const asked = async (question: string) => {
      const before = script.asked.length;
      await ask(`@memory ${question}`);
      return script.asked.slice(before).find(text => text.includes('between the two marks')) ?? '';
    };
    const settings = vscode.workspace.getConfiguration('memoryCentral');
    await settings.update('chat.digest', false, vscode.ConfigurationTarget.Global);
    try {
      assert.doesNotMatch(
        await asked('how are invoices rounded per line, again?'),
        /the bank drops one call/,
      );
      await settings.update('chat.currentFile', true, vscode.ConfigurationTarget.Global);
      assert.match(
        await asked('how are invoices rounded per line, once more?'),
        /^> .*the bank drops one call/m,
      );
    } finally {
      await settings.update('chat.currentFile', undefined, vscode.ConfigurationTarget.Global);
      await settings.update('chat.digest', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('shows the memories themselves where no model answers', async () => {
    const turn = await ask('@memory how are invoices rounded? REFUSE');
    assert.equal(turn.errorDetails, undefined);
    assert.ok(turn.metadata?.found);
  });

  it('says what is missing', async () => {
    assert.match((await ask('@memory /remember')).errorDetails?.message ?? '', /nothing to remember/);
  });
});
