import { MemoryError } from '../errors.ts';
import { oneLine } from '../foreignText.ts';
import type { LeaseProof, TaskKey } from '../model/task.ts';
import { allows, type TaskEvent } from './taskMachine.ts';
import type { TaskRecord } from './taskRecord.ts';

/** Throws `conflict` where that may not happen to a task in its state. */
export function checkAllowed(
  event: TaskEvent,
  { id, state, reason }: Pick<TaskRecord, 'id' | 'state' | 'reason'>,
): void {
  if (allows(event, state)) return;
  const why = state === 'cancelled' || state === 'dead' ? `: ${sentence(reason)}` : '.';
  throw conflict(`Task ${id} is ${state}${why}`, adviceFor(event, state));
}

/** What to do instead. */
function adviceFor(event: TaskEvent, state: TaskRecord['state']): string {
  if (event === 'requeue')
    return state === 'retry_wait'
      ? 'Only a dead task can be requeued; this one is tried again by itself.'
      : 'Only a dead task can be requeued.';
  if (event === 'assign') return ASSIGN_INSTEAD[state] ?? 'Look at its state and its history first.';
  if (event === 'answer') return 'It asked nothing: only a task that waits for an answer can be answered.';
  if (event === 'cancel') return 'Its work is done: there is nothing left to cancel.';
  return 'Look at its state and its history first.';
}

const ASSIGN_INSTEAD: Readonly<Partial<Record<TaskRecord['state'], string>>> = {
  blocked: 'It can be assigned once what it depends on is completed.',
  leased: 'Its agent works on it: assign it when that has released or failed it, or cancel it.',
  input_required: 'Answer its question first; it can be assigned then.',
  dead: 'Requeue it first; it can be assigned then.',
};

/** Somebody's reason as a sentence of its own. */
function sentence(reason: string | null): string {
  const line = oneLine(reason ?? '');
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}

/** Throws `stale_lease` unless this is the lease of the last claim and lives. @param now ms, by the store's clock */
export function checkLease(task: LastLease, proof: LeaseProof, now: number): void {
  if (isLastClaim(task, proof) && task.state === 'leased' && now < task.leaseUntil!) return;
  throw new MemoryError(
    'stale_lease',
    `The lease of task ${task.id} has ended: ${whyEnded(task, proof)}`,
    'Stop working on it; nothing was changed. Claim the next task.',
  );
}

/** What is looked at of a task when a lease is shown. */
type LastLease = Pick<TaskRecord, 'id' | 'state' | 'reason' | 'fence' | 'leaseId' | 'leaseUntil'>;

/** It was done before with this lease, and is only said again. */
export function isRepeated(event: 'complete' | 'fail', task: TaskRecord, proof: LeaseProof): boolean {
  return isLastClaim(task, proof) && task.leaseEnd === event;
}

export function notFound({ namespace, id }: TaskKey): MemoryError {
  return new MemoryError(
    'not_found',
    `There is no task "${id}" in ${namespace}.`,
    'Use list_tasks to see which there are; ended ones are purged after a while.',
  );
}

/** @param id that another task has */
export function idTaken({ namespace, id }: TaskKey): MemoryError {
  return conflict(`There is another task ${id} in ${namespace}.`, 'Leave the id out, or choose another.');
}

/** A new task names it as what it depends on. */
export function dependsOnCancelled({ id, reason }: Pick<TaskRecord, 'id' | 'reason'>): MemoryError {
  return conflict(`Task ${id} was cancelled: ${sentence(reason)}`, 'Do not depend on it.');
}

/** It would wait for ever. @param dependency id of what was cancelled or purged */
export function neverReady(id: string, dependency: string): MemoryError {
  return conflict(
    `Task ${id} depends on ${dependency}, which was cancelled or purged.`,
    'Submit a new task without that dependency.',
  );
}

function conflict(message: string, fix: string): MemoryError {
  return new MemoryError('conflict', message, fix);
}

function isLastClaim({ fence, leaseId }: Pick<TaskRecord, 'fence' | 'leaseId'>, proof: LeaseProof): boolean {
  return proof.fence === fence && proof.leaseId === leaseId;
}

function whyEnded(task: LastLease, proof: LeaseProof): string {
  if (task.state === 'cancelled') return `the task was cancelled: ${sentence(task.reason)}`;
  if (!isLastClaim(task, proof)) return 'it is not the lease of the last claim.';
  return task.state === 'leased' ? 'its time is over.' : `the task is ${task.state}.`;
}
