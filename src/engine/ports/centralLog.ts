import type { CentralState, Change, LogEntry } from './replica.ts';

export interface OfferedVector {
  readonly contentHash: string;
  readonly vector: Float32Array;
}

/** The log that all machines of a LAN share. Every method rejects with `unavailable` when it cannot be reached within its deadline. */
export interface CentralLog extends AsyncDisposable {
  /** Where it is, without secrets. */
  readonly address: string;

  /** Drawn when the log was begun: another id is another log. */
  id(): Promise<string>;

  /**
   * Appends the changes, all or none, after this position.
   * @returns false, and nothing is appended, when others have appended meanwhile
   */
  append(changes: readonly Change[], position: number): Promise<boolean>;

  /** Entries after the position, oldest first, at most `limit`; `undefined` when some of them are no longer kept. */
  after(position: number, limit: number): Promise<readonly LogEntry[] | undefined>;

  /** The log's own position, and memories that changed after a position, as they are now, by their last change, at most `limit`. */
  statesAfter(
    position: number,
    limit: number,
  ): Promise<{ readonly head: number; readonly states: readonly CentralState[] }>;

  /** Vectors that other machines offered for these memories, by id, with the hash of the content they belong to. */
  vectors(model: string, ids: readonly string[]): Promise<readonly (OfferedVector | undefined)[]>;
  offerVectors(model: string, vectors: readonly (OfferedVector & { readonly id: string })[]): Promise<void>;

  /** Calls back soon after the log has grown, and after it was out of reach. */
  watch(position: () => Promise<number>, onChange: () => void): Disposable;
}
