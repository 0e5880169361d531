import type { Accesses, CentralState, Change, LogEntry } from './replica.ts';

export interface OfferedVector {
  readonly contentHash: string;
  readonly vector: Float32Array;
}

/** The log that all machines of a LAN share. Every method rejects with `unavailable` when it cannot be reached within its deadline. */
export interface CentralLog extends Disposable {
  /** Where it is, without secrets. */
  readonly address: string;

  /** The time there, ms since the epoch. */
  now(): Promise<number>;

  /** Drawn when the log was begun: another id is another log. */
  id(): Promise<string>;

  /** As `id`, once it is kept whatever dies: only then it may be remembered. */
  keptId(): Promise<string>;

  /**
   * Appends the changes, all or none, after this position.
   * @returns when others have appended meanwhile, and nothing was: some of what they have, from this position on, where it is kept
   */
  append(changes: readonly Change[], position: number): Promise<'appended' | readonly LogEntry[]>;

  /** Position of its last entry; 0: none. Rejects with `conflict` where it is another log than the one that was asked for its id. */
  head(): Promise<number>;

  /** Entries after the position, oldest first, at most `limit`; `undefined` when some of them are no longer kept. */
  after(position: number, limit: number): Promise<readonly LogEntry[] | undefined>;

  /** Whether the entry at a position is this operation; also true where it is no longer kept. */
  holds(position: number, operationId: string): Promise<boolean>;

  /** The log's own position, and memories that changed after a position, as they are now, by their last change, at most `limit`. */
  statesAfter(
    position: number,
    limit: number,
  ): Promise<{ readonly head: number; readonly states: readonly CentralState[] }>;

  /**
   * Adds to the accesses that are counted for all machines. Where the answer is lost, some are counted twice.
   * @param from how far they are known: a number from here; 0 at first
   * @returns totals of memories used since, some at a time, and where they end
   */
  countAccesses(
    counted: readonly Accesses[],
    from: number,
  ): Promise<{ readonly totals: readonly Accesses[]; readonly to: number; readonly more: boolean }>;

  /** Vectors that other machines offered for these memories, by id, with the hash of the content they belong to. */
  vectors(model: string, ids: readonly string[]): Promise<readonly (OfferedVector | undefined)[]>;
  offerVectors(model: string, vectors: readonly (OfferedVector & { readonly id: string })[]): Promise<void>;

  /**
   * Calls back soon after the log has grown, and after it was out of reach.
   * @param onReturn called before that: it may be another log, or an older state of it
   */
  watch(position: () => Promise<number>, onChange: () => void, onReturn: () => void): Disposable;
}
