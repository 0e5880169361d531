import type { LearningGroup } from '../model/learningGroups.ts';

/** Older entries go when more than these are there, give or take a hundred. */
export const LEARNING_MAX_ENTRIES = 100_000;
/** Older entries go at the next append or read: 7 days. */
export const LEARNING_MAX_AGE_MS = 604_800_000;

/** One use of a tool, to learn from. */
export interface LearningEntry {
  readonly sessionId: string;
  readonly userQuery: string;
  readonly toolUsed: string;
  /** What the tool was given, as JSON. */
  readonly toolArgs: string;
  readonly result: string;
  readonly success: boolean;
  /** Whole milliseconds, >= 0. */
  readonly durationMs: number;
  /** The machine. */
  readonly node: string;
}

export interface QueuedEntry extends LearningEntry {
  /** Rises with each append; opaque. */
  readonly id: string;
  /** When it was appended: ms since the epoch, by the store's clock. */
  readonly at: number;
}

export interface LearningQueueSize {
  readonly entries: number;
  /** Read and not yet acknowledged, by group. */
  readonly pending: Readonly<Record<LearningGroup, number>>;
}

/**
 * A queue with two independent groups of readers. Within a group each entry goes to one consumer, which acknowledges it; what a dead
 * consumer left is claimed by another. So an entry may be seen twice, and is never skipped while it is kept.
 * Methods reject with `invalid_input` for what cannot be kept unchanged, `unavailable` when the store does not answer in time.
 * @see docs/redis-schema.md C3
 */
export interface LearningQueue {
  /** @returns the ids, in order; where the store fails in between, the first ones are appended */
  append(entries: readonly LearningEntry[]): Promise<readonly string[]>;

  /**
   * Entries that the group has not given to anybody, oldest first. Does not wait for some to come.
   * @param count at most so many, 1..1000
   */
  read(group: LearningGroup, consumer: string, count: number): Promise<readonly QueuedEntry[]>;

  /** @returns how many were pending */
  acknowledge(group: LearningGroup, ids: readonly string[]): Promise<number>;

  /**
   * Takes over what was given to any consumer of the group at least `idleMs` ago and is not acknowledged, oldest first.
   * @param count at most so many, 1..1000
   */
  claim(
    group: LearningGroup,
    consumer: string,
    idleMs: number,
    count: number,
  ): Promise<readonly QueuedEntry[]>;

  size(): Promise<LearningQueueSize>;
}
