import type { TaskTransition } from '../model/task.ts';
import type { WorkEvent } from '../ports/eventBus.ts';
import { checkAllowed } from './checkTask.ts';
import { TASK_MACHINE } from './taskMachine.ts';
import { movesAt, type TaskFields, type TaskRecord } from './taskRecord.ts';
import type { Step } from './transitions.ts';

/** A step that was taken: what is to be written of it. */
export interface Advance<T extends TaskRecord> {
  readonly task: T;
  readonly fields: TaskFields;
  readonly transition: TaskTransition;
  readonly event: WorkEvent;
}

/** Takes a step. Throws `conflict` where the state machine has none such. @param now ms, by the store's clock */
export function advance<T extends TaskRecord>(
  before: T,
  { event, by, note, fields: given }: Step,
  now: number,
): Advance<T> {
  checkAllowed(event, before);
  const after = { ...before, ...given };
  if (!(TASK_MACHINE[event].to as readonly string[]).includes(after.state))
    throw new Error(
      `${event} leads from ${before.state} to ${after.state}, which the state machine has not.`,
    );
  const fields = { ...given, version: before.version + 1, updatedAt: now, movesAt: movesAt(after) };
  const task: T = { ...after, ...fields };
  const transition = { at: now, event, from: before.state, to: task.state, by, fence: task.fence, note };
  return { task, fields, transition, event: told(task, before.holder) };
}

/** The first entry in the history of a task, and what is told of it. */
export function submitted(task: TaskRecord): Pick<Advance<TaskRecord>, 'transition' | 'event'> {
  const { createdAt: at, state: to, submittedBy: by, fence } = task;
  const transition = { at, event: SUBMIT, from: null, to, by, fence, note: null };
  return { transition, event: told(task, null) };
}

/** The event of the first entry in the history. */
export const SUBMIT = 'submit';

function told(task: TaskRecord, heldBy: string | null): WorkEvent {
  const { namespace, id, state, holder, offeredTo } = task;
  return {
    type: 'task',
    namespace,
    subject: id,
    change: state,
    agent: holder ?? heldBy ?? offeredTo ?? '',
  };
}
