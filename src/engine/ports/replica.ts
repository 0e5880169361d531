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
  /**
   * Where the memory is sensitive from now on: the id of each earlier operation that is known here, and its entry with what it said encrypted.
   * What the log has said of the memory must not be readable any more.
   */
  readonly concealed?: readonly (readonly [operationId: string, entry: string])[];
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

/** How often a memory was used, and when last, in ms since the epoch. */
export interface Accesses {
  readonly id: string;
  readonly count: number;
  readonly at: number;
}

/** An entry of the central log. Positions rise from 1, without gaps. */
export interface LogEntry {
  readonly position: number;
  readonly entry: string;
}

/** What a change would be. */
export interface Rehearsed {
  readonly changes: readonly Change[];
  /** What it was rehearsed on. */
  readonly position: number;
  /** Earlier changes wait in the outbox. */
  readonly waits: boolean;
}

/** How far a replica has come, and how many changes wait there for the log. */
export interface Standing {
  readonly position: number;
  readonly waiting: number;
}

/** A store of this machine that follows the central log. It holds everything up to its position, and answers every read. */
export interface Replica {
  /** The last entry that was applied; 0: none. */
  position(): Promise<number>;

  /** Its operation, by id; undefined where that is not known. */
  lastOperation(): Promise<string | undefined>;

  /**
   * Finds out what a change would do, and keeps it if it is decided so; nobody else changes this replica meanwhile. One at a time. What
   * is kept counts as entries of the log after the position, without a flush of its own, as with `apply`.
   * @param work makes exactly one call that changes
   * @param decide true: all of them are in the log now. Not to touch the replica. Not asked when `work` has refused or tried nothing
   */
  rehearse<T>(
    work: (store: MemoryStore) => Promise<T>,
    decide: (rehearsed: Rehearsed) => Promise<boolean>,
  ): Promise<T>;

  /** Position that the last rehearsal found; undefined when it tried nothing. */
  readonly rehearsedOn: number | undefined;

  /**
   * Applies these, in order and once each, whoever else does so at the same time. What waits on the same memories comes after them,
   * merged. A crash of the system may take the last of them back, with the position: they are read from the log again then.
   */
  apply(entries: readonly LogEntry[]): Promise<void>;

  /** Writes the accesses that were counted here. */
  flush(): Promise<void>;

  /** Accesses counted here that the others do not know of, and how far theirs are known here: a number that the log gave; 0 at first. */
  waitingAccesses(limit: number): Promise<{ readonly counted: readonly Accesses[]; readonly from: number }>;

  /**
   * The log has counted these.
   * @param totals of all machines, of memories that were used since; what still waits here comes on top
   * @param to where they end
   */
  takeAccesses(counted: readonly Accesses[], totals: readonly Accesses[], to: number): Promise<void>;

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

  standing(): Promise<Standing>;

  /** The log that it follows, by id; undefined before the first. */
  logId(): Promise<string | undefined>;
  follow(logId: string): Promise<void>;
}
