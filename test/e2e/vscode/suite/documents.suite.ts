import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { callTool, store } from './callTool.ts';
import { until } from './until.ts';

async function open(id: string): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand('memoryCentral.openMemory', id);
  return until('the document', () => {
    const editor = vscode.window.activeTextEditor;
    return editor?.document.uri.scheme === 'memory' && editor.document.uri.query === id ? editor : undefined;
  });
}

async function replaceAll(editor: vscode.TextEditor, text: string): Promise<void> {
  const { document } = editor;
  await editor.edit(edit => edit.replace(new vscode.Range(0, 0, document.lineCount, 0), text));
}

describe('memory documents', () => {
  it('open as text in which nothing is a link, and save as a new version', async () => {
    const id = await store('# Deploys\n\nWe deploy on [Mondays](command:workbench.action.quit).');
    const editor = await open(id);
    // What the editor offers of Markdown, its links run any command.
    assert.equal(editor.document.languageId, 'memory-text');
    const { uri } = editor.document;
    assert.equal(
      vscode.workspace.getConfiguration('editor', { uri, languageId: 'memory-text' }).get('links'),
      false,
    );
    assert.deepEqual(await vscode.commands.executeCommand('vscode.executeLinkProvider', uri), []);
    await replaceAll(editor, '# Deploys\n\nWe deploy on Thursdays.');
    assert.equal(await editor.document.save(), true);
    const whole = await callTool('retrieve_memory', { memory_id: id });
    assert.match(whole, /Thursdays/);
    assert.match(whole, /version 2/);
  });

  it('follow a change that somebody else makes', async () => {
    const id = await store('The cache lives for an hour.');
    const editor = await open(id);
    await callTool('update_memory', { memory_id: id, content: 'The cache lives for a day.' });
    await until('the new text', () => editor.document.getText().includes('a day'));
  });

  it('never save over a change that somebody else made', async () => {
    const id = await store('The limit is ten.');
    const editor = await open(id);
    await replaceAll(editor, 'The limit is twenty.');
    await callTool('update_memory', { memory_id: id, content: 'The limit is thirty.' });
    // Not awaited: the editor asks a person what to do.
    void editor.document.save();
    await new Promise(resolve => setTimeout(resolve, 1000));
    assert.match(await callTool('retrieve_memory', { memory_id: id }), /thirty/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});

describe('remembering a selection', () => {
  it('keeps file, lines, commit and hash', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'src', 'retry.ts'));
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(1, 0, 2, document.lineAt(2).text.length);
    const selected = document.getText(editor.selection);
    const command = vscode.commands.executeCommand('memoryCentral.rememberSelection');
    await until('the input box', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return Promise.race([
        command.then(() => true),
        new Promise<false>(resolve => setTimeout(() => resolve(false), 300)),
      ]);
    });
    const listed = await callTool('get_agent_memories', { path: 'src/retry.ts' });
    const id = /^> (\S+) code/m.exec(listed)?.[1];
    assert.ok(id, listed);
    const source = await vscode.extensions
      .getExtension('memory-central.memory-central')!
      .activate()
      .then(() =>
        vscode.commands.executeCommand<{ anchors: readonly Record<string, unknown>[] }>(
          'memoryCentral.wholeMemory',
          id,
        ),
      );
    const [anchor] = source.anchors;
    assert.equal(anchor?.['path'], 'src/retry.ts');
    assert.equal(anchor?.['startLine'], 2);
    assert.equal(anchor?.['endLine'], 3);
    assert.equal(anchor?.['textHash'], createHash('sha256').update(selected).digest('hex'));
    assert.match(String(anchor?.['commit']), /^[0-9a-f]{40}$/);
    assert.equal(anchor?.['repository'], 'github.com/example/orders');
  });
});
