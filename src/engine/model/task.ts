import type { Metadata, Priority } from './memory.ts';

export const TASK_STATES = [
  'blocked',
  'ready',
  'leased',
  'input_required',
  'retry_wait',
  'completed',
  'dead',
  'cancelled',
] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** How often a task is tried again after it failed, and after what pause: uniform in [0, min(capMs, baseMs × factor^n)] ("full jitter"). */
export interface RetryPolicy {
  /** Retries after the first attempt, 0..100. */
  readonly max: number;
  /** Milliseconds, >= 0. */
  readonly baseMs: number;
  /** >= 1 */
  readonly factor: number;
  readonly capMs: number;
}

/** A piece of work for agents, whole. Times are milliseconds since the epoch, by the store's clock. */
export interface Task {
  /** UUIDv7, or the submitter's own of up to 200 characters; unique in its namespace. */
  readonly id: string;
  readonly namespace: string;
  readonly title: string;
  readonly description: string;
  readonly payload: Metadata;
  readonly priority: Priority;
  /** Sorted, without duplicates; whoever claims it has all of them. */
  readonly capabilities: readonly string[];
  /** Id of the agent that it is offered to first. */
  readonly preferredAgent: string | null;
  /** Ids of the same namespace: each is completed before this one is ready. */
  readonly dependsOn: readonly string[];
  /** When it is to be completed at the latest; after that it is dead. null: never. */
  readonly deadline: number | null;
  readonly retry: RetryPolicy;
  /** How long a claim holds unless it is renewed, milliseconds. */
  readonly leaseMs: number;
  /** After so many lost leases it is dead; null: never. */
  readonly maxLosses: number | null;
  readonly idempotencyKey: string | null;
  /** Principal that submitted it, and the label of its agent. */
  readonly owner: string;
  readonly submittedBy: string;

  readonly state: TaskState;
  /** Rises with every claim; what carries an older one changes nothing. */
  readonly fence: number;
  /** Attempts that failed; lost leases are counted apart. */
  readonly failures: number;
  readonly losses: number;
  /** While leased: the agent that does it, and until when. */
  readonly holder: string | null;
  readonly leaseUntil: number | null;
  /** While ready: the one agent that may claim it, until that time; everybody afterwards. */
  readonly offeredTo: string | null;
  readonly offerUntil: number | null;
  /** While in `retry_wait`: when it is ready again. */
  readonly dueAt: number | null;
  /** Dependencies that are not completed yet. */
  readonly openDependencies: number;
  /** Per cent done, as the holder last said; null: it said nothing. */
  readonly progress: number | null;
  /** The holder's last note. */
  readonly note: string | null;
  /** What the holder needs to know, and what it was told. */
  readonly question: string | null;
  readonly answer: string | null;
  readonly result: Metadata | null;
  readonly metrics: Metadata | null;
  /** Why the last attempt failed, or why it was cancelled or is dead. */
  readonly reason: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
  /** Rises with every change. */
  readonly version: number;
}

/** What a task is submitted with; all else begins empty. */
export type NewTask = Pick<
  Task,
  | 'id'
  | 'namespace'
  | 'title'
  | 'description'
  | 'payload'
  | 'priority'
  | 'capabilities'
  | 'preferredAgent'
  | 'dependsOn'
  | 'deadline'
  | 'retry'
  | 'leaseMs'
  | 'maxLosses'
  | 'idempotencyKey'
  | 'owner'
  | 'submittedBy'
>;

/** Names a task. */
export interface TaskKey {
  readonly namespace: string;
  readonly id: string;
}

/** What the holder of a lease shows: both must be those of the last claim. */
export interface LeaseProof extends TaskKey {
  readonly fence: number;
  /** Drawn at random for each claim; known to its holder only. */
  readonly leaseId: string;
}

export interface ClaimedTask {
  readonly task: Task;
  readonly leaseId: string;
}

/** One line of a task's history. */
export interface TaskTransition {
  readonly at: number;
  /** What was done, such as `claim`; see engine/tasks/taskMachine.ts. */
  readonly event: string;
  readonly from: TaskState | null;
  readonly to: TaskState;
  /** The agent, or the principal, that did it; `store` for what time did. */
  readonly by: string;
  readonly fence: number;
  readonly note: string | null;
}
