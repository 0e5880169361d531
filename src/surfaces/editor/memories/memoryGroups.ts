import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { labelName } from '../webviews/messages/labelName.ts';
import { type ListedMemory, memoryIcon } from './listedMemory.ts';

const DAY_MS = 86_400_000;

export const GROUPINGS = ['recency', 'type', 'namespace', 'agent', 'tag'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export type Filter = Readonly<Record<string, unknown>>;

/** Some memories of a tree, before they are listed. */
export interface GroupOfMemories {
  /** What it is known by while the view lives. */
  readonly key: string;
  readonly label: string;
  readonly icon: string;
  readonly count: number;
  readonly expanded: boolean;
  readonly filter: Filter;
}

/** Memories that match, and how many there are. */
export interface Listed {
  readonly memories: readonly ListedMemory[];
  readonly total: number;
}
export type List = (filter: Filter, limit: number) => Promise<Listed>;

interface Stats {
  readonly by_type: Readonly<Record<string, number>>;
  readonly by_agent: Readonly<Record<string, number>>;
  readonly by_namespace: Readonly<Record<string, number>>;
}

/** The groups of the memories that this window reads, without empty ones. */
export async function memoryGroups(
  grouping: Grouping,
  memory: EditorMemory,
  list: List,
): Promise<readonly GroupOfMemories[]> {
  if (grouping === 'recency') return byRecency(list);
  if (grouping === 'tag') return byTag(memory);
  const all = grouping === 'namespace';
  const { structured } = await memory.call<Stats>('memory_stats', all ? { namespace: '*' } : {});
  if (grouping === 'type')
    return entries(structured.by_type).map(([type, count]) => ({
      ...{
        key: type,
        label: labelName(type, vscode.l10n.t),
        icon: memoryIcon(type).id,
        count,
        expanded: true,
      },
      filter: { memory_type: type },
    }));
  if (grouping === 'agent')
    return entries(structured.by_agent).map(([agent, count]) => ({
      ...{ key: agent, label: agent, icon: 'person', count, expanded: true },
      filter: { agent_id: agent },
    }));
  const { namespace: own } = await memory.caller();
  return entries(structured.by_namespace)
    .sort(([a], [b]) => Number(b === own) - Number(a === own))
    .map(([namespace, count]) => ({
      ...{ key: namespace, label: namespace, icon: namespace === 'global' ? 'globe' : 'repo', count },
      ...{ expanded: namespace === own, filter: { namespace } },
    }));
}

async function byTag(memory: EditorMemory): Promise<readonly GroupOfMemories[]> {
  const tags = await memory.request('tags', { caller: await memory.caller() });
  return tags.map(({ tag, count }, i) => ({
    ...{ key: tag, label: tag, icon: 'tag', count, expanded: i < 3 },
    filter: { tags: [tag] },
  }));
}

async function byRecency(list: List): Promise<readonly GroupOfMemories[]> {
  const { t } = vscode.l10n;
  const midnight = new Date().setHours(0, 0, 0, 0);
  const at = (days: number) => new Date(midnight - days * DAY_MS).toISOString();
  // What is pinned stands at the top already.
  const spans = [
    { key: 'today', label: t('Today'), filter: { pinned: false, since: at(0) } },
    { key: 'yesterday', label: t('Yesterday'), filter: { pinned: false, since: at(1), until: at(0) } },
    { key: 'week', label: t('Last 7 Days'), filter: { pinned: false, since: at(7), until: at(1) } },
    { key: 'month', label: t('Last 30 Days'), filter: { pinned: false, since: at(30), until: at(7) } },
    { key: 'older', label: t('Older'), filter: { pinned: false, until: at(30) } },
  ];
  const totals = await Promise.all(spans.map(async ({ filter }) => (await list(filter, 1)).total));
  return spans
    .map((span, i) => ({ ...span, icon: 'history', count: totals[i]!, expanded: span.key === 'today' }))
    .filter(({ count }) => count > 0);
}

function entries(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts)
    .filter(([name]) => name !== '')
    .sort(([, a], [, b]) => b - a);
}
