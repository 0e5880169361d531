import * as vscode from 'vscode';
import type { EditorMemory } from './editorMemory.ts';
import { escapedMarkdown } from './escapedMarkdown.ts';
import { ago, type ListedMemory, memoryIcon } from './listedMemory.ts';
import { memoryTitle } from './memoryText.ts';

const PAGE = 50;
/** A burst of changes, such as an import, redraws once in so long. */
const QUIET_MS = 150;
const DAY_MS = 86_400_000;

export const GROUPINGS = ['recency', 'type', 'namespace'] as const;
export type Grouping = (typeof GROUPINGS)[number];
const GROUPING_KEY = 'grouping';

interface Group {
  readonly kind: 'group';
  readonly label: string;
  readonly icon: string;
  readonly count?: number;
  readonly expanded: boolean;
  readonly filter: Readonly<Record<string, unknown>>;
  readonly limit: number;
}
interface Leaf {
  readonly kind: 'memory';
  readonly memory: ListedMemory;
}
interface More {
  readonly kind: 'more';
  readonly group: Group;
  readonly rest: number;
}
export type Node = Group | Leaf | More;

interface Listed {
  readonly memories: readonly ListedMemory[];
  readonly total: number;
}

/** The memories in the activity bar: pinned first, then by recency, type or namespace; live. */
export class MemoriesView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly #limits = new Map<string, number>();
  readonly #listeners: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(memory: EditorMemory, state: vscode.Memento) {
    this.#memory = memory;
    this.#state = state;
    this.#listeners = memory.onDidChange(() => {
      this.#timer ??= setTimeout(() => this.refresh(), QUIET_MS);
    });
  }

  get grouping(): Grouping {
    return this.#state.get<Grouping>(GROUPING_KEY, 'recency');
  }

  async groupBy(grouping: Grouping): Promise<void> {
    await this.#state.update(GROUPING_KEY, grouping);
    this.refresh();
  }

  refresh(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed.fire(undefined);
  }

  showMore({ label, limit }: Group): void {
    this.#limits.set(label, limit + PAGE);
    this.refresh();
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'memory') return memoryItem(node.memory);
    if (node.kind === 'more') return moreItem(node);
    const item = new vscode.TreeItem(
      node.label,
      node.expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
    );
    item.id = `${this.grouping}/${node.label}`;
    item.iconPath = new vscode.ThemeIcon(node.icon);
    if (node.count !== undefined) item.description = String(node.count);
    return item;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return this.#groups();
    if (node.kind !== 'group') return [];
    const { memories, total } = await this.#list(node.filter, node.limit);
    const leaves = memories.map((memory): Node => ({ kind: 'memory', memory }));
    const rest = total - memories.length;
    return rest > 0 ? [...leaves, { kind: 'more', group: node, rest }] : leaves;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listeners.dispose();
    this.#changed.dispose();
  }

  async #groups(): Promise<Node[]> {
    const [pinned, groups] = await Promise.all([this.#list({ pinned: true }, 1), this.#grouped()]);
    const first = this.#group('Pinned', 'pinned', { pinned: true }, { count: pinned.total });
    return [...(pinned.total > 0 ? [first] : []), ...groups];
  }

  async #grouped(): Promise<Node[]> {
    if (this.grouping === 'recency') return this.#byRecency();
    const all = this.grouping === 'namespace';
    const { structured } = await this.#memory.call<{
      by_type: Record<string, number>;
      by_namespace: Record<string, number>;
    }>('memory_stats', all ? { namespace: '*' } : {});
    if (!all)
      return entries(structured.by_type).map(([type, count]) =>
        this.#group(type.replace('_', ' '), memoryIcon(type).id, { memory_type: type }, { count }),
      );
    const { namespace: own } = await this.#memory.caller();
    return entries(structured.by_namespace)
      .sort(([a], [b]) => Number(b === own) - Number(a === own))
      .map(([namespace, count]) =>
        this.#group(
          namespace,
          namespace === 'global' ? 'globe' : 'repo',
          { namespace },
          { count, expanded: namespace === own },
        ),
      );
  }

  async #byRecency(): Promise<Node[]> {
    const midnight = new Date().setHours(0, 0, 0, 0);
    const at = (days: number) => new Date(midnight - days * DAY_MS).toISOString();
    // What is pinned stands at the top already.
    const spans = [
      { label: 'Today', filter: { pinned: false, since: at(0) } },
      { label: 'Yesterday', filter: { pinned: false, since: at(1), until: at(0) } },
      { label: 'Last 7 Days', filter: { pinned: false, since: at(7), until: at(1) } },
      { label: 'Last 30 Days', filter: { pinned: false, since: at(30), until: at(7) } },
      { label: 'Older', filter: { pinned: false, until: at(30) } },
    ];
    const totals = await Promise.all(spans.map(async ({ filter }) => (await this.#list(filter, 1)).total));
    return spans
      .map(({ label, filter }, i) =>
        this.#group(label, 'history', filter, { count: totals[i] ?? 0, expanded: label === 'Today' }),
      )
      .filter(group => group.count);
  }

  #group(
    label: string,
    icon: string,
    filter: Group['filter'],
    { count, expanded = true }: { readonly count: number; readonly expanded?: boolean },
  ): Group {
    return { kind: 'group', label, icon, filter, count, expanded, limit: this.#limits.get(label) ?? PAGE };
  }

  async #list(filter: Group['filter'], limit: number): Promise<Listed> {
    return (await this.#memory.call<Listed>('get_agent_memories', { ...filter, limit })).structured;
  }
}

function entries(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).sort(([, a], [, b]) => b - a);
}

function memoryItem(memory: ListedMemory): vscode.TreeItem {
  const item = new vscode.TreeItem(memoryTitle(memory.content));
  item.iconPath = memoryIcon(memory.memory_type);
  if (memory.created_at) item.description = ago(memory.created_at);
  item.contextValue = memory.pinned ? 'memory.pinned' : 'memory';
  // What was stored by anyone is shown as text: no link or image of it may act.
  const facts = [
    memory.memory_type.replace('_', ' '),
    memory.priority,
    memory.sensitive ? 'sensitive' : undefined,
    memory.agent_id,
    memory.created_at?.slice(0, 10),
  ];
  const about = [...facts.filter(Boolean), ...(memory.tags ?? []).map(tag => `#${tag}`)].join(' · ');
  item.tooltip = new vscode.MarkdownString(
    `${escapedMarkdown(memory.content)}\n\n---\n\n${escapedMarkdown(about)}`,
  );
  item.command = { command: 'memoryCentral.openMemory', title: 'Open Memory', arguments: [memory] };
  return item;
}

function moreItem({ group, rest }: More): vscode.TreeItem {
  const item = new vscode.TreeItem(`Show more (${rest})`);
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: 'memoryCentral.showMore', title: 'Show More', arguments: [group] };
  return item;
}
