import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { EngineClient } from './engineClient.ts';
import { memoryIdOf } from './memoriesView.ts';
import { memoryIdOfUri, memoryUri, SCHEME } from './memoryDocuments.ts';
import { searchMemories } from './searchPalette.ts';

type Command = (...args: unknown[]) => unknown;

/** All commands of the palette and the menus; a failure is shown with what to do next. */
export function registerCommands(client: EngineClient, log: vscode.LogOutputChannel): vscode.Disposable {
  const commands: Readonly<Record<string, Command>> = {
    search: () => searchMemories(client),
    store: () => store(client),
    rememberSelection: () => rememberSelection(client),
    open: id => openMemory(id),
    insert: id => insert(client, id),
    copy: id => copy(client, id),
    pin: target => pin(client, target, true),
    unpin: target => pin(client, target, false),
    delete: target => remove(client, target),
    importDocumentation: () => importDocumentation(client),
    showStatus: () => showStatus(client),
    showLogs: () => log.show(),
    setApiKey: () => setApiKey(client),
    reindex: () => reindex(client),
    copyServerAddress: () => copyServerAddress(client),
    refresh: () => client.restart(),
  };
  const guarded = Object.entries(commands).map(([name, command]) =>
    vscode.commands.registerCommand(`memoryCentral.${name}`, async (...args) => {
      try {
        return await command(...args);
      } catch (error) {
        log.warn(`memoryCentral.${name} failed`, error);
        void vscode.window.showErrorMessage(sentence(error));
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...guarded);
}

function sentence(error: unknown): string {
  const { message, fix } = error as { message: string; fix?: string };
  return fix ? `${message} ${fix}` : message;
}

async function store(client: EngineClient): Promise<void> {
  const content = await vscode.window.showInputBox({
    title: 'Store a Memory',
    prompt: 'One fact or finding, in plain words. All agents of this repository will find it.',
  });
  if (!content?.trim()) return;
  const { text } = await client.call('store_memory', { content, source: 'user', trust: 1 });
  void vscode.window.setStatusBarMessage(`$(check) ${text}`, 5000);
}

/** Keeps where it came from: file, lines, commit and a hash of the text. */
async function rememberSelection(client: EngineClient): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor?.document.getText(editor.selection);
  if (!editor || !selected?.trim()) {
    void vscode.window.showInformationMessage('Select some text first.');
    return;
  }
  const { document, selection } = editor;
  const place =
    document.uri.scheme === 'file'
      ? await client.anchorOf(document.uri.fsPath)
      : { path: document.uri.toString() };
  const anchor = {
    ...place,
    startLine: selection.start.line + 1,
    endLine: selection.end.line + 1,
    textHash: createHash('sha256').update(selected).digest('hex'),
  };
  const { text } = await client.call('store_memory', {
    content: selected,
    memory_type:
      document.languageId === 'markdown' || document.languageId === 'plaintext' ? 'document' : 'code',
    tags: [document.languageId],
    source: 'user',
    trust: 1,
    anchors: [anchor],
  });
  void vscode.window.setStatusBarMessage(`$(check) ${text}`, 5000);
}

async function openMemory(target: unknown): Promise<void> {
  const id = await idOf(target);
  if (id) await vscode.commands.executeCommand('vscode.open', memoryUri(id));
}

async function contentOf(client: EngineClient, id: string): Promise<string> {
  const { structured } = await client.call('retrieve_memory', { memory_id: id });
  return structured['content'] as string;
}

async function insert(client: EngineClient, target: unknown): Promise<void> {
  const id = await idOf(target);
  if (!id) return;
  const content = await contentOf(client, id);
  await vscode.window.activeTextEditor?.insertSnippet(new vscode.SnippetString().appendText(content));
}

async function copy(client: EngineClient, target: unknown): Promise<void> {
  const id = await idOf(target);
  if (id) await vscode.env.clipboard.writeText(await contentOf(client, id));
}

async function pin(client: EngineClient, target: unknown, pinned: boolean): Promise<void> {
  const id = await idOf(target);
  if (id) await client.call('update_memory', { memory_id: id, pinned });
}

async function remove(client: EngineClient, target: unknown): Promise<void> {
  const id = await idOf(target);
  if (!id) return;
  const { structured } = await client.call('clear_memory', { memory_id: id, confirm: true });
  const [operation] = structured['operation_ids'] as string[];
  const choice = await vscode.window.showInformationMessage('The memory was deleted.', 'Undo');
  if (choice === 'Undo') await client.call('undo_change', { operation_id: operation });
}

async function importDocumentation(client: EngineClient): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) {
    void vscode.window.showInformationMessage('Open a folder first.');
    return;
  }
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: 'Importing documentation',
    cancellable: true,
  };
  const text = await vscode.window.withProgress(progress, async (_, token) => {
    const result = await client.call('import_memories', { kind: 'markdown', path: folder.uri.fsPath }, token);
    return result.text;
  });
  void vscode.window.showInformationMessage(text.split('\n', 1)[0]!);
}

async function showStatus(client: EngineClient): Promise<void> {
  const { text } = await client.call('memory_stats', { namespace: '*' });
  const document = await vscode.workspace.openTextDocument({ content: text, language: 'plaintext' });
  await vscode.window.showTextDocument(document, { preview: true });
}

async function setApiKey(client: EngineClient): Promise<void> {
  const key = await vscode.window.showInputBox({
    title: 'API Key of the Embedding Endpoint',
    prompt: 'Kept in the secret storage of the editor, in no settings file.',
    password: true,
  });
  if (key !== undefined) await client.setApiKey(key);
}

async function reindex(client: EngineClient): Promise<void> {
  const { checked, repaired } = await client.reindex();
  const found = repaired.length > 0 ? `repaired: ${repaired.join(', ')}` : 'nothing was wrong';
  void vscode.window.showInformationMessage(`${checked} memories checked; ${found}.`);
}

async function copyServerAddress(client: EngineClient): Promise<void> {
  const { url, token } = await client.serve();
  await vscode.env.clipboard.writeText(
    `claude mcp add --transport http memory-central ${url} --header "Authorization: Bearer ${token}"`,
  );
  void vscode.window.showInformationMessage(`The command that connects Claude Code to ${url} was copied.`);
}

/** From a menu's node, an id, or the memory that is open. */
async function idOf(target: unknown): Promise<string | undefined> {
  if (typeof target === 'string') return target;
  const node = memoryIdOf(target);
  if (node) return node;
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme === SCHEME) return memoryIdOfUri(uri);
  void vscode.window.showInformationMessage('Choose a memory in the Memories view, or open one.');
  return undefined;
}
