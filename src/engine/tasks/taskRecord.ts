import type { NewTask, Task } from '../model/task.ts';
import { AGEING_MS, type Offer } from '../ports/taskStore.ts';
import type { TaskEvent } from './taskMachine.ts';

/** A task with what only its store knows. */
export interface TaskRecord extends Task {
  /** Of the last claim; kept when it ended, so that what is repeated is known. */
  readonly leaseId: string | null;
  /** What ended that lease; null while it lives, and before the first. */
  readonly leaseEnd: TaskEvent | null;
  /** To whom it is offered as soon as it is ready again, and for how long. */
  readonly nextAgent: string | null;
  readonly nextOfferMs: number | null;
  /** Smallest first: since when it is ready, and its ageing. ms */
  readonly score: number;
  /** When time moves it next; null: never. */
  readonly movesAt: number | null;
}

/** What a transition changes of a task. */
export type TaskFields = Partial<Omit<TaskRecord, keyof NewTask>> & { readonly deadline?: null };

/** @param openDependencies those of its dependencies that are not completed */
export function newRecord(
  task: NewTask,
  offer: Offer | undefined,
  openDependencies: number,
  now: number,
): TaskRecord {
  const waiting: TaskRecord = {
    ...task,
    state: 'blocked',
    fence: 0,
    failures: 0,
    losses: 0,
    holder: null,
    leaseUntil: null,
    offeredTo: null,
    offerUntil: null,
    dueAt: null,
    openDependencies,
    progress: null,
    note: null,
    question: null,
    answer: null,
    result: null,
    metrics: null,
    reason: null,
    createdAt: now,
    updatedAt: now,
    finishedAt: null,
    version: 1,
    leaseId: null,
    leaseEnd: null,
    nextAgent: offer?.agent ?? null,
    nextOfferMs: offer?.ms ?? null,
    score: 0,
    movesAt: null,
  };
  const record = openDependencies === 0 ? { ...waiting, ...ready(waiting, now) } : waiting;
  return { ...record, movesAt: movesAt(record) };
}

/** The fields of a task that is ready from now on. */
export function ready(
  { priority, nextAgent, nextOfferMs }: Pick<TaskRecord, 'priority' | 'nextAgent' | 'nextOfferMs'>,
  now: number,
): TaskFields {
  return {
    state: 'ready',
    score: now + AGEING_MS[priority],
    offeredTo: nextAgent,
    offerUntil: nextOfferMs === null ? null : now + nextOfferMs,
    nextAgent: null,
    nextOfferMs: null,
  };
}

/** When time moves it next, ms; null: never. */
export function movesAt({
  state,
  leaseUntil,
  deadline,
  dueAt,
  offerUntil,
}: Pick<TaskRecord, 'state' | 'leaseUntil' | 'deadline' | 'dueAt' | 'offerUntil'>): number | null {
  switch (state) {
    case 'leased':
      return leaseUntil;
    case 'blocked':
    case 'input_required':
      return deadline;
    case 'ready':
      return earlier(offerUntil, deadline);
    case 'retry_wait':
      return earlier(dueAt, deadline);
    default:
      return null;
  }
}

function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
