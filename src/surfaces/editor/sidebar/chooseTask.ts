import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import { oneLine } from '../../../engine/foreignText.ts';
import { TASK_STATES, type TaskState } from '../../../engine/model/task.ts';
import { ENDED } from '../../../engine/tasks/taskMachine.ts';
import type { Board, BoardTask } from '../engine/board.ts';
import { withoutIcons } from '../inertText.ts';
import { stateName } from './taskItem.ts';

/** To which tasks a person can do something; a dead one that is assigned is requeued first. */
const STATES = {
  open: TASK_STATES,
  answer: ['input_required'],
  retry: ['retry_wait'],
  requeue: ['dead'],
  assign: ['ready', 'retry_wait', 'dead'],
  offer: ['ready'],
  cancel: TASK_STATES.filter(state => state === 'dead' || !ENDED.includes(state)),
} as const satisfies Readonly<Record<string, readonly TaskState[]>>;
export type TaskDeed = keyof typeof STATES;

export function isFor(deed: TaskDeed, { state }: BoardTask): boolean {
  return (STATES[deed] as readonly TaskState[]).includes(state);
}

/**
 * Asks a person which task is meant. Rejects with `not_found` where there is none.
 * @param selected ids of those that come first, such as what is selected in a view
 * @returns undefined: none
 */
export async function chooseTask(
  board: Board,
  deed: Exclude<TaskDeed, 'offer'>,
  selected: readonly string[] = [],
): Promise<BoardTask | undefined> {
  const { t } = vscode.l10n;
  const tasks = board.tasks.filter(task => isFor(deed, task));
  if (tasks.length === 0)
    throw new MemoryError('not_found', nothingFor(deed), t('What is queued stands in the view “Tasks”.'));
  const items = tasks
    .toSorted((a, b) => Number(selected.includes(b.id)) - Number(selected.includes(a.id)))
    .map(task => ({
      label: withoutIcons(oneLine(task.title, 100)),
      description: stateName(task.state),
      detail: withoutIcons(oneLine(task.question ?? task.waiting ?? task.reason ?? '', 160)),
      task,
    }));
  const options = { title: titleOf(deed), placeHolder: t('Which task?'), matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.task;
}

function titleOf(deed: Exclude<TaskDeed, 'offer'>): string {
  const { t } = vscode.l10n;
  return {
    open: t('Open a Task'),
    answer: t('Answer a Question'),
    retry: t('Retry a Task'),
    requeue: t('Requeue a Task'),
    assign: t('Assign a Task'),
    cancel: t('Cancel a Task'),
  }[deed];
}

function nothingFor(deed: Exclude<TaskDeed, 'offer'>): string {
  const { t } = vscode.l10n;
  return {
    open: t('There is no task.'),
    answer: t('No task waits for an answer.'),
    retry: t('No task pauses before a retry.'),
    requeue: t('No task has failed for good.'),
    assign: t('No task waits to be assigned.'),
    cancel: t('There is no task to cancel.'),
  }[deed];
}
