import * as vscode from 'vscode';
import type { EngineClient } from './engineClient.ts';
import { iconOf, type ListedMemory, titleOf } from './listedMemory.ts';
import { memoryUri } from './memoryDocuments.ts';

export const VIEW = 'memoryCentral.memories';
const MOST = 500;

type Node =
  | { readonly group: string; readonly memories: readonly ListedMemory[] }
  | { readonly memory: ListedMemory };

/** The Memories view: pinned first, then by type, the newest first; live. Loaded when it is first shown. */
export class MemoriesView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #client: EngineClient;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #listening: vscode.Disposable;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(client: EngineClient) {
    this.#client = client;
    this.#listening = client.onChanged(() => this.refresh());
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return 'group' in node ? node.memories.map(memory => ({ memory })) : [];
    const { structured } = await this.#client.call('get_agent_memories', { limit: MOST, order: 'updated' });
    const { memories } = structured as unknown as { memories: readonly ListedMemory[] };
    const groups = new Map<string, ListedMemory[]>();
    for (const memory of memories) {
      const name = memory.pinned ? 'Pinned' : memory.memory_type.replace('_', ' ');
      groups.set(name, [...(groups.get(name) ?? []), memory]);
    }
    return [...groups]
      .map(([group, members]) => ({ group, memories: members }))
      .sort(
        (a, b) =>
          Number(b.group === 'Pinned') - Number(a.group === 'Pinned') || a.group.localeCompare(b.group),
      );
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ('group' in node) {
      const item = new vscode.TreeItem(node.group, vscode.TreeItemCollapsibleState.Expanded);
      item.description = String(node.memories.length);
      item.iconPath = new vscode.ThemeIcon(
        node.group === 'Pinned' ? 'pinned' : iconOf(node.memories[0]!.memory_type),
      );
      return item;
    }
    const { memory } = node;
    const item = new vscode.TreeItem(titleOf(memory));
    item.id = memory.id;
    item.description = (memory.created_at ?? '').slice(0, 10);
    item.iconPath = new vscode.ThemeIcon(iconOf(memory.memory_type));
    item.contextValue = memory.pinned ? 'pinnedMemory' : 'memory';
    item.tooltip = new vscode.MarkdownString().appendText(
      `${memory.content}\n\n${(memory.tags ?? []).join(', ')}`,
    );
    item.accessibilityInformation = { label: `${memory.memory_type} memory: ${titleOf(memory)}` };
    item.command = { command: 'vscode.open', title: 'Open', arguments: [memoryUri(memory.id)] };
    return item;
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }
}

/** The memory of a node that a menu was opened on. */
export function memoryIdOf(node: unknown): string | undefined {
  return (node as { memory?: ListedMemory } | undefined)?.memory?.id;
}
