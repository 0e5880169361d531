import * as vscode from 'vscode';
import { oneLine } from '../../../engine/foreignText.ts';
import type { EditorMemory } from '../editorMemory.ts';
import type { SessionEntry } from '../engine/sessionRecords.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { ago, type ListedMemory } from '../memories/listedMemory.ts';
import { type MemoryLeaf, memoryItem } from '../memories/memoryItem.ts';
import type { LiveData } from './liveData.ts';

/** Of a session so many memories are listed. */
const LISTED = 100;

interface SessionNode {
  readonly kind: 'session';
  readonly session: SessionEntry;
}
export type SessionsNode = SessionNode | MemoryLeaf;

/** What was done when: the sessions that were saved, or in which something was stored here, each with that. */
export class SessionsView implements vscode.TreeDataProvider<SessionsNode> {
  readonly onDidChangeTreeData: vscode.Event<void>;
  readonly #memory: EditorMemory;
  readonly #sessions: LiveData<readonly SessionEntry[]>;

  constructor(memory: EditorMemory, sessions: LiveData<readonly SessionEntry[]>) {
    this.#memory = memory;
    this.#sessions = sessions;
    this.onDidChangeTreeData = sessions.onDidChange;
  }

  getTreeItem(node: SessionsNode): vscode.TreeItem {
    return node.kind === 'memory' ? memoryItem(node) : sessionItem(node.session);
  }

  async getChildren(node?: SessionsNode): Promise<SessionsNode[]> {
    if (!node) {
      const sessions = (await this.#sessions.current()) ?? [];
      return sessions.map(session => ({ kind: 'session', session }));
    }
    if (node.kind === 'memory') return [];
    const { structured } = await this.#memory.call<{ memories: readonly ListedMemory[] }>(
      'get_agent_memories',
      { session_id: node.session.id, limit: LISTED },
    );
    return structured.memories.map(memory => ({ kind: 'memory', memory }));
  }
}

function sessionItem({
  id,
  title,
  at,
  node,
  memories,
  context,
  files,
  lastTool,
}: SessionEntry): vscode.TreeItem {
  const { t } = vscode.l10n;
  const item = new vscode.TreeItem(
    oneLine(title),
    memories > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  const stored = memories === 1 ? t('1 memory') : t('{0} memories', memories);
  item.id = `session/${id}`;
  item.iconPath = new vscode.ThemeIcon('history');
  item.description = [
    ...(at > 0 ? [ago(new Date(at).toISOString())] : []),
    ...(node === '' ? [] : [oneLine(node, 60)]),
    ...(memories > 0 ? [stored] : []),
  ].join(' · ');
  item.contextValue = 'session';
  item.accessibilityInformation = { label: [item.label, item.description].join(', ') };
  const facts = [
    ...(context === '' ? [] : [context]),
    ...(files.length === 0 ? [] : [t('Files: {0}', files.join(', '))]),
    ...(lastTool === '' ? [] : [t('Last tool: {0}', lastTool)]),
    t('Id: {0}', id),
  ];
  item.tooltip = new vscode.MarkdownString(
    facts.map(fact => escapedMarkdown(oneLine(fact, 1000))).join('\n\n'),
  );
  return item;
}
