import * as vscode from 'vscode';
import { chooseNamespace } from './chooseNamespace.ts';
import { connectClient } from './connectClient.ts';
import { API_KEY_SECRET, type EditorMemory } from './editorMemory.ts';
import { importDocs } from './importDocs.ts';
import { GROUPINGS, type MemoriesView } from './memoriesView.ts';
import { MemoryActions, memoryIdFrom } from './memoryActions.ts';
import { memoryTitle } from './memoryText.ts';
import { rememberSelection, storeTyped } from './rememberSelection.ts';
import { SearchMemories } from './searchMemories.ts';
import { reporting } from './showError.ts';
import { showStatus } from './showStatus.ts';

type Run = (...args: never[]) => Promise<unknown>;

/** Every command of the manifest, and the few that only our own views call. */
export function registerCommands(
  context: vscode.ExtensionContext,
  memory: EditorMemory,
  view: MemoriesView,
): vscode.Disposable {
  const actions = new MemoryActions(memory);
  const search = new SearchMemories(memory, actions);
  const commands: Readonly<Record<string, Run>> = {
    search: async () => search.show(),
    store: () => storeTyped(memory),
    rememberSelection: () => rememberSelection(memory),
    importDocs: () => importDocs(memory),
    switchNamespace: () => chooseNamespace(memory),
    groupBy: () => groupBy(view),
    refresh: async () => view.refresh(),
    showMore: async (group: Parameters<MemoriesView['showMore']>[0]) => view.showMore(group),
    connectClient: () => connectClient(context.asAbsolutePath('dist/cli.js')),
    reindex: () => reindex(memory),
    showStatus: () => showStatus(memory),
    showLogs: async () => memory.log.show(),
    openSettings: async () =>
      vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${context.extension.id}`),
    setApiKey: () => setApiKey(context, memory),
    openMemory: (given: unknown) => actions.open(memoryIdFrom(given)),
    wholeMemory: (given: unknown) => actions.whole(memoryIdFrom(given)),
    openAnchor: (given: unknown) => actions.openAnchor(memoryIdFrom(given)),
    copyMemory: (given: unknown) => actions.copy(memoryIdFrom(given)),
    insertMemory: (given: unknown) => actions.insert(memoryIdFrom(given)),
    findSimilar: async (given: unknown) => {
      const { id, content } = await actions.whole(memoryIdFrom(given));
      search.show({ id, title: memoryTitle(content, 40) });
    },
    pinMemory: (given: unknown) => actions.pin(memoryIdFrom(given), true),
    unpinMemory: (given: unknown) => actions.pin(memoryIdFrom(given), false),
    deleteMemory: (given: unknown) => actions.remove(memoryIdFrom(given)),
    undo: (operation: string) => actions.undo(operation),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(
        `memoryCentral.${id}`,
        reporting(memory, run as (...args: unknown[]) => Promise<unknown>),
      ),
    ),
  );
}

async function groupBy(view: MemoriesView): Promise<void> {
  const names = { recency: 'Recency', type: 'Type', namespace: 'Namespace (all of them)' };
  const items = GROUPINGS.map(grouping => ({
    label: names[grouping],
    grouping,
    ...(grouping === view.grouping && { description: 'in use' }),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: 'Group Memories by…' });
  if (chosen) await view.groupBy(chosen.grouping);
}

async function reindex(memory: EditorMemory): Promise<void> {
  const { checked, repaired } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Checking the search index' },
    () => memory.request('reindex', null),
  );
  const found = repaired.length > 0 ? `It was rebuilt: ${repaired.join(', ')}.` : 'Nothing was wrong.';
  void vscode.window.showInformationMessage(`${checked} memories checked. ${found}`);
}

async function setApiKey(context: vscode.ExtensionContext, memory: EditorMemory): Promise<void> {
  const key = await vscode.window.showInputBox({
    title: 'Key of the Embedding Endpoint',
    prompt: 'Kept in the secret storage of the editor, in no settings file. Empty: forget it.',
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return;
  if (key.trim() === '') await context.secrets.delete(API_KEY_SECRET);
  else await context.secrets.store(API_KEY_SECRET, key.trim());
  await memory.restart();
}
