import * as vscode from 'vscode';
import { oneLine } from '../../../engine/foreignText.ts';
import { Burst } from '../burst.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { problemText, RETRY_MS } from '../problem.ts';
import type { ListedMemory } from './listedMemory.ts';
import { GROUPINGS, type Grouping, type GroupOfMemories, type Listed, memoryGroups } from './memoryGroups.ts';
import { type MemoryLeaf, memoryItem } from './memoryItem.ts';

const PAGE = 50;
const GROUPING_KEY = 'grouping';

interface Group extends GroupOfMemories {
  readonly kind: 'group';
  readonly limit: number;
}
interface More {
  readonly kind: 'more';
  readonly group: Group;
  readonly rest: number;
}
/** Memories that were changed here and elsewhere at once. */
interface Conflicting {
  readonly kind: 'conflicts';
  readonly memories: readonly ListedMemory[];
}
export type Node = Group | MemoryLeaf | More | Conflicting;

/** The memories in the side bar: what is in conflict, what is pinned, then groups; live while it is seen. */
export class MemoriesView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly #read = new vscode.EventEmitter<void>();
  readonly #limits = new Map<string, number>();
  readonly #burst = new Burst(async () => this.refresh());
  readonly #listeners: vscode.Disposable;
  #conflicts: readonly ListedMemory[] = [];
  #seen = true;
  #stale = false;
  #problem: string | undefined;
  #again: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;
  /** It was read, or could not be. */
  readonly onDidRead = this.#read.event;

  constructor(memory: EditorMemory, state: vscode.Memento) {
    this.#memory = memory;
    this.#state = state;
    this.#listeners = memory.onDidChange(() => {
      if (this.#seen) this.#burst.soon();
      else this.#stale = true;
    });
  }

  /** Why it could not be read, and what to do; undefined: it could. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get grouping(): Grouping {
    const kept = this.#state.get<Grouping>(GROUPING_KEY, 'recency');
    return GROUPINGS.includes(kept) ? kept : 'recency';
  }

  async groupBy(grouping: Grouping): Promise<void> {
    await this.#state.update(GROUPING_KEY, grouping);
    this.refresh();
  }

  /** It appears or is hidden: hidden, nothing is read. */
  show(visible: boolean): void {
    this.#seen = visible;
    if (visible && this.#stale) this.refresh();
  }

  setConflicts(memories: readonly ListedMemory[]): void {
    this.#conflicts = memories;
    this.refresh();
  }

  refresh(): void {
    this.#stale = false;
    this.#changed.fire(undefined);
  }

  showMore({ key, limit }: Group): void {
    this.#limits.set(key, limit + PAGE);
    this.refresh();
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'memory') return memoryItem(node);
    if (node.kind === 'more') return moreItem(node);
    return node.kind === 'conflicts' ? conflictsItem(node) : groupItem(node, this.grouping);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return this.#roots();
    if (node.kind === 'conflicts')
      return node.memories.map(memory => ({ kind: 'memory', memory, conflicting: true }));
    if (node.kind !== 'group') return [];
    const { memories, total } = await this.#list(node.filter, node.limit);
    const leaves = memories.map((memory): Node => ({ kind: 'memory', memory }));
    const rest = total - memories.length;
    return rest > 0 ? [...leaves, { kind: 'more', group: node, rest }] : leaves;
  }

  dispose(): void {
    clearTimeout(this.#again);
    this.#burst.dispose();
    this.#listeners.dispose();
    this.#changed.dispose();
    this.#read.dispose();
  }

  /** Nothing, with the problem, where they cannot be read: nobody is to think that all is forgotten. */
  async #roots(): Promise<Node[]> {
    clearTimeout(this.#again);
    try {
      const groups = await this.#groups();
      this.#problem = undefined;
      return groups;
    } catch (error) {
      this.#problem = problemText(error);
      this.#again = setTimeout(() => this.#retry(), RETRY_MS);
      return [];
    } finally {
      this.#read.fire();
    }
  }

  #retry(): void {
    if (this.#seen) this.refresh();
    else this.#stale = true;
  }

  async #groups(): Promise<Node[]> {
    const list = (filter: Group['filter'], limit: number) => this.#list(filter, limit);
    const [pinned, groups] = await Promise.all([
      list({ pinned: true }, 1),
      memoryGroups(this.grouping, this.#memory, list),
    ]);
    const first = {
      ...{ key: 'pinned', label: vscode.l10n.t('Pinned'), icon: 'pinned', expanded: true },
      ...{ count: pinned.total, filter: { pinned: true } },
    };
    return [
      ...(this.#conflicts.length > 0 ? [{ kind: 'conflicts', memories: this.#conflicts } as const] : []),
      ...[...(pinned.total > 0 ? [first] : []), ...groups].map(
        (group): Node => ({ ...group, kind: 'group', limit: this.#limits.get(group.key) ?? PAGE }),
      ),
    ];
  }

  async #list(filter: Group['filter'], limit: number): Promise<Listed> {
    return (await this.#memory.call<Listed>('get_agent_memories', { ...filter, limit })).structured;
  }
}

function groupItem({ key, label, icon, count, expanded }: Group, grouping: Grouping): vscode.TreeItem {
  const item = new vscode.TreeItem(
    oneLine(label),
    expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = `${grouping}/${key}`;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.description = String(count);
  return item;
}

function conflictsItem({ memories }: Conflicting): vscode.TreeItem {
  const { t } = vscode.l10n;
  const item = new vscode.TreeItem(t('Changed Here and Elsewhere'), vscode.TreeItemCollapsibleState.Expanded);
  item.id = 'conflicts';
  item.iconPath = new vscode.ThemeIcon('git-merge', new vscode.ThemeColor('list.warningForeground'));
  item.description = String(memories.length);
  item.contextValue = 'conflicts';
  const why = t(
    'These were changed on two machines while one was offline. The later change stands; what it replaced is an earlier version of the memory.',
  );
  item.tooltip = why;
  item.accessibilityInformation = { label: [item.label, item.description, why].join(', ') };
  return item;
}

function moreItem({ group, rest }: More): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show more ({0})', rest));
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = {
    ...{ command: 'memoryCentral.showMore', title: vscode.l10n.t('Show More') },
    arguments: [group],
  };
  return item;
}
