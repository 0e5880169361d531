import * as vscode from 'vscode';
import { oneLine } from '../../../engine/foreignText.ts';
import type { TaskState } from '../../../engine/model/task.ts';
import type { BoardTask } from '../engine/board.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { labelName } from '../webviews/messages/labelName.ts';
import { taskUri } from '../work/workDocuments.ts';
import type { TaskGroup, TaskLeaf } from './taskNodes.ts';

const ICONS: Readonly<Record<TaskState, string>> = {
  input_required: 'question',
  dead: 'error',
  leased: 'sync',
  ready: 'circle-large-outline',
  retry_wait: 'watch',
  blocked: 'lock',
  completed: 'pass',
  cancelled: 'circle-slash',
};
/** What needs a person stands out. */
const COLOURS: Readonly<Partial<Record<TaskState, string>>> = {
  input_required: 'list.warningForeground',
  dead: 'list.errorForeground',
};
const FACT_CHARS = 160;

/** A task in a tree: what it is, how far it is, and why it waits. @param now ms */
export function taskItem({ task, who }: TaskLeaf, now: number): vscode.TreeItem {
  const { state } = task;
  const item = new vscode.TreeItem(oneLine(task.title));
  const colour = COLOURS[state];
  item.id = `task/${task.id}`;
  item.iconPath = new vscode.ThemeIcon(
    ICONS[state],
    colour === undefined ? undefined : new vscode.ThemeColor(colour),
  );
  item.description = factsOf(task, who, now).join(' · ');
  item.contextValue = `task.${state}`;
  // The editor's own command leaves the focus to who goes on selecting with the keyboard.
  item.command = {
    command: 'vscode.open',
    title: vscode.l10n.t('Open Task'),
    arguments: [taskUri(task)],
  };
  item.accessibilityInformation = { label: [item.label, stateName(state), item.description].join(', ') };
  return item;
}

export function groupItem({ key, name, total, folded }: TaskGroup): vscode.TreeItem {
  const item = new vscode.TreeItem(
    name === undefined ? groupName(key) : oneLine(name),
    folded ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = `group/${key}`;
  item.description = String(total);
  item.contextValue = 'tasks';
  // Where groups have none, the editor hardly indents what is in them.
  item.iconPath = new vscode.ThemeIcon(name === undefined ? groupIcon(key) : 'person');
  return item;
}

/** All of it that a person may want to know before opening it; what others wrote is text. */
export function taskTooltip({ task, who }: TaskLeaf, now: number): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const lines = [
    [stateName(task.state), labelName(task.priority, vscode.l10n.t), ...factsOf(task, who, now)].join(' · '),
    ...(task.note === null ? [] : [t('Last note: {0}', task.note)]),
    ...(task.reason === null ? [] : [t('Reason: {0}', task.reason)]),
  ];
  const text = [
    `**${escapedMarkdown(oneLine(task.title))}**`,
    ...lines.map(line => escapedMarkdown(oneLine(line, 1000))),
  ];
  return new vscode.MarkdownString(text.join('\n\n'));
}

export function stateName(state: TaskState): string {
  const { t } = vscode.l10n;
  return {
    input_required: t('Needs an Answer'),
    dead: t('Failed for Good'),
    leased: t('In Work'),
    ready: t('Ready'),
    retry_wait: t('Pausing before a Retry'),
    blocked: t('Blocked'),
    completed: t('Completed'),
    cancelled: t('Cancelled'),
  }[state];
}

function groupIcon(key: string): string {
  if (key === 'nobody') return 'inbox';
  return key === 'ended' ? 'archive' : ICONS[key as TaskState];
}

function groupName(key: string): string {
  if (key === 'nobody') return vscode.l10n.t('Nobody Yet');
  return key === 'ended' ? vscode.l10n.t('Ended') : stateName(key as TaskState);
}

function factsOf(task: BoardTask, who: string | undefined, now: number): readonly string[] {
  const { t } = vscode.l10n;
  const by = who === undefined ? [] : [oneLine(who, 60)];
  switch (task.state) {
    case 'leased':
      return [
        ...(task.progress === null ? [] : [t('{0} %', Math.round(task.progress))]),
        ...by,
        ...(task.leaseUntil === null ? [] : [leaseLeft(task.leaseUntil - now)]),
      ];
    case 'input_required':
      return [oneLine(task.question ?? '', FACT_CHARS)];
    case 'dead':
    case 'cancelled':
      return [oneLine(task.reason ?? '', FACT_CHARS)];
    case 'completed':
      return [];
    case 'blocked':
      // What the engine says has ids beside the titles, for models.
      if (task.waitsFor) return [t('waits for {0}', quoted(task.waitsFor))];
      return task.waiting === undefined ? [] : [oneLine(task.waiting, FACT_CHARS)];
    default:
      if (who !== undefined) return [t('offered to {0}', by[0]!)];
      return task.waiting === undefined ? [] : [oneLine(task.waiting, FACT_CHARS)];
  }
}

function quoted(titles: readonly string[]): string {
  return oneLine(titles.map(title => vscode.l10n.t('“{0}”', oneLine(title, 60))).join(', '), FACT_CHARS);
}

/** @param ms may be over */
function leaseLeft(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120
    ? vscode.l10n.t('lease {0} s', seconds)
    : vscode.l10n.t('lease {0} min', Math.round(seconds / 60));
}
