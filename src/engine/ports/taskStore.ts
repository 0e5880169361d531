import type { Metadata, Priority } from '../model/memory.ts';
import type { Span } from '../model/span.ts';
import type {
  ClaimedTask,
  LeaseProof,
  NewTask,
  RetryPolicy,
  Task,
  TaskKey,
  TaskState,
  TaskTransition,
} from '../model/task.ts';

/** So much longer than the band above it a task of each band waits before it comes first, milliseconds: bands with ageing. */
export const AGEING_MS: Readonly<Record<Priority, number>> = {
  critical: 0,
  high: 60_000,
  medium: 300_000,
  low: 900_000,
  archive: 3_600_000,
};

/** History of a task that is kept: its newest entries. */
export const HISTORY_KEPT = 200;

/** So many tasks each claim lets time move at most. */
export const MOVED_BY_CLAIM = 100;

export interface Offer {
  readonly agent: string;
  /** Milliseconds from now. */
  readonly ms: number;
}

/** Who asks for tasks. */
export interface Claimant {
  /** Its tasks only; at least one. */
  readonly namespaces: readonly string[];
  /** The agent that will hold them: id of the registry. */
  readonly agent: string;
  /** What it can do. */
  readonly capabilities: readonly string[];
}

export interface ClaimRequest extends Claimant {
  /** One new random id for each task that is wanted, 1..100. */
  readonly leaseIds: readonly string[];
  /** Instead of the tasks' own, milliseconds. */
  readonly leaseMs?: number;
  /** Only these, in this order; each has to be ready, not offered to another, and within its capabilities. */
  readonly ids?: readonly string[];
}

export interface Renewal {
  readonly lease: LeaseProof;
  /** Milliseconds from now; default: the task's own. */
  readonly leaseMs?: number;
  /** Per cent, 0..100. */
  readonly progress?: number;
  readonly note?: string;
}

export interface Failure {
  readonly reason: string;
  /** false: it would fail again, so it is dead at once. */
  readonly retryable: boolean;
  /** Instead of the policy's pause, milliseconds. */
  readonly retryAfterMs?: number;
  /** In [0, 1): the share of the policy's pause that is waited. */
  readonly jitter: number;
}

export interface TaskFilter {
  /** undefined: all. */
  readonly namespaces?: readonly string[];
  readonly states?: readonly TaskState[];
  /** Holds it, or is offered it. */
  readonly agent?: string;
  readonly owner?: string;
}

/** Some of the tasks that are asked for, and how many there are. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  readonly total: number;
}

/** How many tasks an agent has. */
export interface TaskLoad {
  readonly held: number;
  readonly offered: number;
}

/** Which ended tasks are removed. */
export interface PurgeFilter {
  /** undefined: all. */
  readonly namespaces?: readonly string[];
  readonly ids?: readonly string[];
  readonly states: readonly TaskState[];
}

export interface TaskCounts {
  readonly byState: Readonly<Record<TaskState, number>>;
  /** Since the store was made: transitions to these states, and leases that were lost. */
  readonly completed: number;
  readonly died: number;
  readonly retried: number;
  readonly lost: number;
}

/** How tasks ended of late, of those that are still there: for each of the last hours how many, the hour that ends now last. */
export type TaskTrend = Readonly<Record<'completed' | 'dead' | 'cancelled', readonly number[]>>;

export interface Tick {
  /** Tasks that time moved. */
  readonly moved: number;
  /** When time moves the next one, ms since the epoch by the store's clock, and what that clock says now; undefined: nothing waits for time. */
  readonly nextAt: number | undefined;
  readonly now: number;
}

/**
 * Where tasks are kept, and the only place where their state changes: each method is one atomic, durable transition after
 * engine/tasks/taskMachine.ts. Time is the store's. At most one lease of a task is live; one completion is accepted.
 * Every change raises `version`, adds to the history (by whom: the submitter, the holder, `by`, or `store` for what time or another task
 * did) and is told as the event `task`, whose agent is the one that holds the task, held it till now, or is offered it. A renewal that says
 * nothing new is no such change: it moves `leaseUntil` alone; nor is a dependency that was completed while others are open.
 *
 * A time that is over is over at its very millisecond, whether anybody has moved the task yet or not: a lease that ends now renews and
 * completes nothing. Where two times are over, the end of a lease comes first, then the deadline, then the end of a pause or an offer.
 *
 * Methods reject with `not_found` for a task that is not there, `conflict` for what its state does not allow, `stale_lease` for a lease
 * that is not the last claim's or has ended, and `unavailable` when the store does not answer in time; nothing has changed then,
 * except that after `unavailable` it may have.
 */
export interface TaskStore {
  /**
   * `ready`, or `blocked` while a dependency is not completed. Where the namespace has a task of the same idempotency key (or of the same
   * id, owner, title and payload) that one is returned, unchanged. Rejects with `not_found` for a dependency that is not there (so there are no circles),
   * `conflict` for one that was cancelled, and for an id that another task has.
   * @param offer only this agent may claim it until that time is over; for a blocked one it begins when it becomes ready
   */
  submit(task: NewTask, offer?: Offer): Promise<{ readonly task: Task; readonly created: boolean }>;

  /**
   * The next tasks that this agent can do, leased to it: what is offered to it first, then by priority and age, oldest first: by the
   * time since when each is ready plus its `AGEING_MS`, ties by id. What time has moved comes with it, up to `MOVED_BY_CLAIM`. Fewer than asked for, or
   * none, where there are no more. `progress` begins anew; the last note, question, answer and reason stay.
   */
  claim(request: ClaimRequest): Promise<readonly ClaimedTask[]>;

  /**
   * What `claim` would lease to this agent now, the first `limit` in that order, and how many there are. Leases nothing; time moves as far as
   * with a claim.
   */
  claimable(claimant: Claimant, limit: number): Promise<TaskPage>;

  /** @returns the task, whose `leaseUntil` is the new one */
  renew(renewal: Renewal): Promise<Task>;
  /** Several at once; a failure for one leaves the others. In order: the task, or why not. */
  renewAll(renewals: readonly Renewal[]): Promise<readonly (Task | Error)[]>;
  /** An answer that was given before is gone. */
  ask(lease: LeaseProof, question: string): Promise<Task>;
  /** Offered to the agent that asked for `leaseMs` of the task. @param by principal or agent, for the history */
  answer(key: TaskKey, answer: string, by: string): Promise<Task>;
  /** Repeated with the same lease it answers as the first time. */
  complete(lease: LeaseProof, result: Metadata, metrics: Metadata): Promise<Task>;
  /** Repeated with the same lease it answers as the first time, as long as nobody claimed the task again. */
  fail(lease: LeaseProof, failure: Failure): Promise<Task>;
  /** @param offer only this agent may claim it until that time is over */
  release(lease: LeaseProof, options?: { readonly note?: string; readonly offer?: Offer }): Promise<Task>;
  /**
   * Ends a live lease too: its holder learns it with the next renewal (`stale_lease`, which names the reason). Blocked tasks that depend on
   * it, at any distance, are cancelled by the same with the reason `dependencyCancelled` gives: first its own dependents by id, then those of
   * each that was cancelled, in that order. Cancelling what is cancelled changes nothing.
   */
  cancel(key: TaskKey, reason: string, by: string): Promise<Task>;
  /** Its failures and losses are counted anew. Rejects with `conflict` also where what it depends on was cancelled or purged. */
  requeue(key: TaskKey, by: string): Promise<Task>;
  /**
   * Who does it next: one that is ready keeps its place, one that waits for its retry is ready at once.
   * @param offer only this agent may claim it until that time is over; undefined: whoever comes first
   */
  assign(key: TaskKey, offer: Offer | undefined, by: string): Promise<Task>;

  /**
   * Everything this agent holds is ready again (released by it), and what is offered to it open to all, also what would be once it is ready.
   * A lease that is over counts as lost anyway.
   * @param lost counts as losses: it died
   * @param offer only this agent may claim what was held until that time is over; it takes the work over, and is the one that released it
   * @returns how many it held
   */
  releaseAll(namespace: string, agent: string, lost: boolean, offer?: Offer): Promise<number>;

  /** Moves what time has moved, at most `limit` tasks: leases, offers, pauses and deadlines that are over. */
  tick(limit: number): Promise<Tick>;

  get(key: TaskKey): Promise<Task | undefined>;
  /** Newest first by `createdAt`, ties by id, the higher first. */
  list(filter: TaskFilter, span: Span): Promise<TaskPage>;
  /** Oldest first, the newest `HISTORY_KEPT`. */
  history(key: TaskKey): Promise<readonly TaskTransition[]>;
  counts(namespaces: readonly string[] | undefined): Promise<TaskCounts>;
  /** @param namespaces undefined: all @param hours 1..168 */
  trend(namespaces: readonly string[] | undefined, hours: number): Promise<TaskTrend>;
  /** How many tasks of the namespace each agent has; agents without are left out. */
  loads(namespace: string): Promise<ReadonlyMap<string, TaskLoad>>;

  /**
   * Removes ended tasks for good that no blocked one depends on, those first that ended first. No event tells of it.
   * @param before ended at or before, ms @returns how many
   */
  purge(filter: PurgeFilter, before: number, limit: number): Promise<number>;
}

export const DEFAULT_RETRY: RetryPolicy = { max: 3, baseMs: 1000, factor: 2, capMs: 100_000 };
