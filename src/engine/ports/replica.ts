import type { MemoryStore } from './memoryStore.ts';

/** One change of a memory as it travels between machines. What it says of sensitive memories is encrypted. */
export interface Change {
  /** Id of its operation: the same wherever it is applied. */
  readonly id: string;
  readonly memoryId: string;
  readonly namespace: string;
  /** The operation, and the old versions that came with an import, as JSON. */
  readonly entry: string;
  /** The memory after it, field by field, as text, with the clock of the change; an absent field is none. */
  readonly state: Readonly<Record<string, string>>;
  /** The version that it replaced, and those that came with an import, as JSON, by number. */
  readonly replaced: readonly (readonly [number, string])[];
}

/** A memory as the central log left it, for who was away longer than the log goes back. */
export interface CentralState {
  /** Of its last change. */
  readonly position: number;
  /** As `Change.state`. */
  readonly state: Readonly<Record<string, string>>;
  /** As `Change.replaced`, without the numbers. */
  readonly versions: readonly string[];
}

/** An entry of the central log. Positions rise from 1, without gaps. */
export interface LogEntry {
  readonly position: number;
  readonly entry: string;
}

/** A store of this machine that follows the central log. It holds everything up to its position, and answers every read. */
export interface Replica {
  /** The last entry that was applied; 0: none. */
  position(): Promise<number>;

  /**
   * Finds out what a change would do, and keeps nothing of it.
   * @param work makes exactly one call that changes
   * @returns what the call answered and the changes it stands for, as of this position
   */
  rehearse<T>(
    work: (store: MemoryStore) => Promise<T>,
  ): Promise<{ readonly outcome: T; readonly changes: readonly Change[]; readonly position: number }>;

  /**
   * Applies these, in order and once each, whoever else does so at the same time. What waits on the same memories comes after them,
   * merged. A crash of the system may take the last of them back, with the position: they are read from the log again then.
   */
  apply(entries: readonly LogEntry[]): Promise<void>;

  /** Writes the access counts that wait, which are this machine's own. */
  flush(): Promise<void>;

  /**
   * Takes memories over as they are now. It may be called for several pages of them; entries that come later and are part of a
   * state already are passed over. What waits is merged as by `apply`.
   * @param position of the log when the first page was read; given with the last page only
   */
  adopt(states: readonly CentralState[], position?: number): Promise<void>;

  /**
   * Does changes here that the central log cannot take now, and lets them wait. Rejects with `conflict` when a memory has changed
   * since they were rehearsed. Durable when it resolves.
   */
  hold(changes: readonly Change[]): Promise<void>;

  /** The oldest that wait, as of this position. */
  waiting(limit: number): Promise<{ readonly changes: readonly Change[]; readonly position: number }>;
  countWaiting(): Promise<number>;

  /** The log that it follows, by id; undefined before the first. */
  logId(): Promise<string | undefined>;
  follow(logId: string): Promise<void>;
}
