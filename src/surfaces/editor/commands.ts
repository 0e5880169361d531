import * as vscode from 'vscode';
import { connectRedis } from './central/connectRedis.ts';
import { addInstructions } from './chat/addInstructions.ts';
import { askMemory } from './chat/openChat.ts';
import { connectClient } from './clients/connectClient.ts';
import type { EditorMemory } from './editorMemory.ts';
import { inertMessage } from './inertText.ts';
import { chooseNamespace } from './memories/chooseNamespace.ts';
import { importDocs } from './memories/importDocs.ts';
import type { MemoriesView } from './memories/memoriesView.ts';
import { MemoryActions, memoryIdFrom } from './memories/memoryActions.ts';
import { GROUPINGS } from './memories/memoryGroups.ts';
import { memoryTitle } from './memories/memoryText.ts';
import { rememberSelection, storeTyped } from './memories/rememberSelection.ts';
import { SearchMemories } from './memories/searchMemories.ts';
import { setApiKey, setRedisPassword } from './setSecret.ts';
import { reporting } from './showError.ts';
import { showStatus } from './showStatus.ts';
import { showDoctor } from './welcome/doctorReport.ts';
import { continueWork, handWork } from './work/handWork.ts';
import type { WorkDocuments } from './work/workDocuments.ts';

type Run = (...args: never[]) => Promise<unknown>;

/** Every command of the manifest, and the few that only our own views call. */
export function registerCommands(
  context: vscode.ExtensionContext,
  memory: EditorMemory,
  view: MemoriesView,
  documents: WorkDocuments,
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
    askMemory: () => askMemory(),
    getStarted: async () =>
      vscode.commands.executeCommand(
        'workbench.action.openWalkthrough',
        `${context.extension.id}#start`,
        false,
      ),
    addInstructions: () => addInstructions(),
    reindex: () => reindex(memory),
    continueWork: (id?: string) => continueWork(memory, typeof id === 'string' ? id : undefined),
    handWork: () => handWork(memory),
    showStatus: () => showStatus(memory, documents),
    showLogs: async () => memory.log.show(),
    openSettings: async () =>
      vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${context.extension.id}`),
    doctor: () => showDoctor(memory),
    connectRedis: () => connectRedis(memory, context.secrets),
    setApiKey: () => setApiKey(context.secrets),
    setRedisPassword: () => setRedisPassword(context.secrets),
    openMemory: async (...given: readonly unknown[]) => actions.open(memoryIdFrom(...given)),
    wholeMemory: async (...given: readonly unknown[]) => actions.whole(memoryIdFrom(...given)),
    openAnchor: async (...given: readonly unknown[]) => actions.openAnchor(memoryIdFrom(...given)),
    copyMemory: async (...given: readonly unknown[]) => actions.copy(memoryIdFrom(...given)),
    insertMemory: async (...given: readonly unknown[]) => actions.insert(memoryIdFrom(...given)),
    findSimilar: async (...given: readonly unknown[]) => {
      const { id, content } = await actions.whole(memoryIdFrom(...given));
      search.show({ id, title: memoryTitle(content, 40) });
    },
    pinMemory: async (...given: readonly unknown[]) => actions.pin(memoryIdFrom(...given), true),
    unpinMemory: async (...given: readonly unknown[]) => actions.pin(memoryIdFrom(...given), false),
    deleteMemory: async (...given: readonly unknown[]) => actions.remove(memoryIdFrom(...given)),
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
  const { t } = vscode.l10n;
  const names = {
    ...{ recency: t('Recency'), type: t('Type'), namespace: t('Namespace (all of them)') },
    ...{ agent: t('Agent'), tag: t('Tag') },
  };
  const items = GROUPINGS.map(grouping => ({
    label: names[grouping],
    grouping,
    ...(grouping === view.grouping && { description: t('in use') }),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Group Memories by…') });
  if (chosen) await view.groupBy(chosen.grouping);
}

async function reindex(memory: EditorMemory): Promise<void> {
  const { t } = vscode.l10n;
  const { checked, repaired } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Checking the search index') },
    () => memory.request('reindex', null),
  );
  const text =
    repaired.length > 0
      ? t('{0} memories checked. It was rebuilt: {1}.', checked, repaired.join(', '))
      : t('{0} memories checked. Nothing was wrong.', checked);
  void vscode.window.showInformationMessage(inertMessage(text));
}
