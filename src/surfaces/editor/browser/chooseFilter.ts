import * as vscode from 'vscode';
import { oneLine } from '../../../engine/foreignText.ts';
import { MEMORY_TYPES, PRIORITIES, REVIEW_STATES } from '../../../engine/model/memory.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { withoutIcons } from '../inertText.ts';
import type { FilterName, Filters } from '../webviews/messages/browserProtocol.ts';
import { labelName } from '../webviews/messages/labelName.ts';
import { chooseTime } from './chooseTime.ts';

interface Counts {
  readonly by_type: Readonly<Record<string, number>>;
  readonly by_priority: Readonly<Record<string, number>>;
  readonly by_agent: Readonly<Record<string, number>>;
  readonly by_namespace: Readonly<Record<string, number>>;
}

interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

type Choose = (memory: EditorMemory, filters: Filters) => Promise<Filters | undefined>;

/** Labels of the newest so many are offered. */
const LOOKED_AT = 1000;

const CHOOSE: Readonly<Record<FilterName, Choose>> = {
  type: async (memory, filters) => {
    const counts = (await countsOf(memory, filters)).by_type;
    const types = await several(vscode.l10n.t('Types'), MEMORY_TYPES, filters.types, counts);
    return types && { ...filters, types };
  },
  priority: async (memory, filters) => {
    const counts = (await countsOf(memory, filters)).by_priority;
    const priorities = await several(vscode.l10n.t('Priorities'), PRIORITIES, filters.priorities, counts);
    return priorities && { ...filters, priorities };
  },
  agent: async (memory, filters) => {
    const counts = (await countsOf(memory, filters)).by_agent;
    const agent = await one(vscode.l10n.t('Agent'), counted(counts), filters.agent);
    return agent && { ...filters, agent: agent.value };
  },
  namespace: async (memory, filters) => {
    const counts = (await countsOf(memory, { namespace: '*' })).by_namespace;
    const all = { label: vscode.l10n.t('All namespaces'), value: '*' };
    const namespace = await one(vscode.l10n.t('Namespace'), [all, ...counted(counts)], filters.namespace);
    return namespace && { ...filters, namespace: namespace.value };
  },
  tag: async (memory, filters) => {
    const labels = await labelsOf(memory, filters, ({ tags }) => tags);
    const known = [...new Set([...(filters.tags ?? []), ...counted(labels).map(({ value }) => value)])];
    const tags = await several(vscode.l10n.t('Tags (all of them)'), known, filters.tags, labels, false);
    return tags && { ...filters, tags };
  },
  session: async (memory, filters) => {
    const labels = await labelsOf(memory, filters, ({ session_id }) => (session_id ? [session_id] : []));
    const session = await one(vscode.l10n.t('Session'), counted(labels), filters.session);
    return session && { ...filters, session: session.value };
  },
  review: async (_memory, filters) => {
    const names = {
      unreviewed: vscode.l10n.t('Unreviewed'),
      accepted: vscode.l10n.t('Accepted'),
      rejected: vscode.l10n.t('Rejected'),
    };
    const choices = REVIEW_STATES.map(value => ({ label: names[value], value }));
    const review = await one(vscode.l10n.t('Review'), choices, filters.review);
    return review && { ...filters, review: review.value };
  },
  state: async (_memory, filters) => {
    const choices: readonly Choice<Pick<Filters, 'pinned' | 'stale'>>[] = [
      { label: `$(pinned) ${vscode.l10n.t('Pinned')}`, value: { pinned: true } },
      { label: `$(warning) ${vscode.l10n.t('Stale: its code has changed')}`, value: { stale: true } },
    ];
    const chosen = await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('State') });
    return chosen && { ...filters, ...chosen.value };
  },
  time: async (_memory, filters) => {
    const time = await chooseTime();
    const { since: _since, until: _until, ...rest } = filters;
    return time && { ...rest, ...time };
  },
};

/** Lets a person choose values of one filter. @returns the filters with it; undefined: all stays as it is */
export async function chooseFilter(
  memory: EditorMemory,
  filter: FilterName,
  filters: Filters,
): Promise<Filters | undefined> {
  const chosen = await CHOOSE[filter](memory, filters);
  if (!chosen) return undefined;
  // Nothing chosen of a list is no condition.
  const kept = Object.entries(chosen).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(kept) as Filters;
}

async function countsOf(memory: EditorMemory, { namespace }: Filters): Promise<Counts> {
  return (await memory.call<Counts>('memory_stats', namespace === undefined ? {} : { namespace })).structured;
}

interface Labelled {
  readonly tags: readonly string[];
  readonly session_id: string | null;
}

/** How many of the newest memories have each label. */
async function labelsOf(
  memory: EditorMemory,
  { namespace }: Filters,
  of: (memory: Labelled) => readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const input = { limit: LOOKED_AT, ...(namespace !== undefined && { namespace }) };
  const { structured } = await memory.call<{ memories: readonly Labelled[] }>('get_agent_memories', input);
  const counts = new Map<string, number>();
  for (const label of structured.memories.flatMap(of)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function counted(counts: Readonly<Record<string, number>>): Choice<string>[] {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([value, count]) => ({ label: plain(value), description: String(count), value }));
}

/** @param named the values are the engine's words, not a person's */
async function several(
  title: string,
  values: readonly string[],
  before: readonly string[] = [],
  counts: Readonly<Record<string, number>>,
  named = true,
): Promise<readonly string[] | undefined> {
  const items = values.map(value => ({
    label: named ? labelName(value, vscode.l10n.t) : plain(value),
    value,
    description: String(counts[value] ?? 0),
    picked: before.includes(value),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  return chosen?.map(({ value }) => value);
}

/** A label is what anybody wrote. */
function plain(label: string): string {
  return withoutIcons(oneLine(label));
}

async function one<T>(
  title: string,
  choices: readonly Choice<T>[],
  before: T | undefined,
): Promise<Choice<T> | undefined> {
  const items = choices.map(choice => ({
    ...choice,
    ...(choice.value === before && { detail: vscode.l10n.t('chosen now') }),
  }));
  return vscode.window.showQuickPick(items, {
    title,
    ...(items.length === 0 && { placeHolder: vscode.l10n.t('There is none.') }),
  });
}
