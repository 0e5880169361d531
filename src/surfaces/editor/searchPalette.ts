import * as vscode from 'vscode';
import type { EngineClient } from './engineClient.ts';
import { iconOf, type ListedMemory, titleOf } from './listedMemory.ts';
import { memoryUri } from './memoryDocuments.ts';

/** Typing pauses so long before a search begins. */
const PAUSE_MS = 120;
const MOST = 30;

interface Item extends vscode.QuickPickItem {
  readonly memory: ListedMemory;
}

const INSERT: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('insert'),
  tooltip: 'Insert at the cursor',
};
const COPY: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('copy'), tooltip: 'Copy' };
const PIN: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('pin'), tooltip: 'Pin' };
const DELETE: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Delete' };

/** Search as you type, with a preview of each memory and buttons to use it. A stale search is cancelled. */
export function searchMemories(client: EngineClient): void {
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = 'Search Memories';
  picker.placeholder = 'What do you want to know?';
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  let pause: NodeJS.Timeout | undefined;
  let running: vscode.CancellationTokenSource | undefined;

  const search = async (query: string) => {
    running?.cancel();
    const own = new vscode.CancellationTokenSource();
    running = own;
    picker.busy = true;
    try {
      const items =
        query.trim() === '' ? await recent(client, own.token) : await found(client, query, own.token);
      if (own === running) picker.items = items;
    } catch (error) {
      if (own === running && !own.token.isCancellationRequested) {
        picker.items = [];
        picker.title = `Search Memories — ${(error as Error).message}`;
      }
    } finally {
      if (own === running) picker.busy = false;
    }
  };

  picker.onDidChangeValue(query => {
    clearTimeout(pause);
    pause = setTimeout(() => void search(query), PAUSE_MS);
  });
  picker.onDidAccept(() => {
    const [item] = picker.selectedItems;
    picker.hide();
    if (item) void vscode.commands.executeCommand('vscode.open', memoryUri(item.memory.id));
  });
  picker.onDidTriggerItemButton(async ({ item, button }) => {
    const command =
      button === INSERT ? 'insert' : button === COPY ? 'copy' : button === PIN ? 'pin' : 'delete';
    if (command !== 'pin') picker.hide();
    await vscode.commands.executeCommand(`memoryCentral.${command}`, item.memory.id);
    if (command === 'pin') await search(picker.value);
  });
  picker.onDidHide(() => {
    clearTimeout(pause);
    running?.cancel();
    picker.dispose();
  });
  picker.show();
  void search('');
}

async function found(client: EngineClient, query: string, token: vscode.CancellationToken): Promise<Item[]> {
  const { structured } = await client.call('semantic_search', { query, limit: MOST }, token);
  return (structured as unknown as { memories: readonly ListedMemory[] }).memories.map(toItem);
}

async function recent(client: EngineClient, token: vscode.CancellationToken): Promise<Item[]> {
  const { structured } = await client.call('get_agent_memories', { limit: MOST, order: 'updated' }, token);
  return (structured as unknown as { memories: readonly ListedMemory[] }).memories.map(toItem);
}

function toItem(memory: ListedMemory): Item {
  const date = memory.date ?? memory.created_at?.slice(0, 10) ?? '';
  const score = memory.score === undefined ? '' : ` · ${memory.score.toFixed(2)}`;
  return {
    memory,
    label: `$(${iconOf(memory.memory_type)}) ${titleOf(memory)}`,
    description: `${date}${score}`,
    detail: memory.content.replace(/\s+/g, ' '),
    // The engine has ranked them; the picker must not filter by letters.
    alwaysShow: true,
    buttons: [INSERT, COPY, PIN, DELETE],
  };
}
