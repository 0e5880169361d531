import type { MemoryError } from '../errors.ts';
import type { SearchQuery } from '../search/searchQuery.ts';
import type { IndexRecord } from './indexSource.ts';
import type { IndexModel, ServerIndexReport } from './memoryIndex.ts';

/** What labels a memory, and what filters ask for. */
type Labels = Pick<
  IndexRecord,
  | 'id'
  | 'namespace'
  | 'owner'
  | 'visibility'
  | 'sharedWith'
  | 'agent'
  | 'type'
  | 'priority'
  | 'tags'
  | 'session'
  | 'createdAt'
  | 'expiresAt'
  | 'validFrom'
  | 'validUntil'
  | 'unreviewedBy'
>;

/** What the server's index holds of a memory that is not sensitive. Times are milliseconds since the epoch; null: never. */
export interface SearchDocument extends Labels {
  /** How often each term occurs, by its hash. */
  readonly terms: ReadonlyMap<number, number>;
  /** Unit length; undefined: none yet. */
  readonly vector?: Float32Array;
}

/** What is put into the place of what an id had: a document, or none. */
export type ProjectedMemory = SearchDocument | { readonly id: string; readonly gone: true };

export interface CandidateQuery extends Omit<SearchQuery, 'text' | 'limit' | 'threshold'> {
  /** Hashes of what is looked for, each once. */
  readonly terms: readonly number[];
  /** Hashes of terms whose frequencies are wanted. */
  readonly counted: readonly number[];
  /** How many are wanted by words, 0..1000, and by meaning where there is a vector, 1..1000. */
  readonly byWords: number;
  readonly byMeaning: number;
}

export interface Candidates {
  /** Best first, by each way of finding; the same one may be in both. */
  readonly byWords: readonly string[];
  readonly byMeaning: readonly string[];
  /** Memories that the viewer may see in these namespaces, and how many of them hold each term to be counted; some seconds old. */
  readonly total: number;
  readonly frequencies: readonly number[];
  /** Changes of the central log that the index has not got yet. */
  readonly behind: number;
}

/** The right to write an index, which one process has at a time. */
export interface SearchLease {
  /** Drawn for each holder: what a stale one writes is refused. */
  readonly token: string;
  /** Of the last change of the central log that is in the index. */
  readonly position: number;
  /** All search there. */
  readonly open: boolean;
}

/** A memory that changed, and where in the central log. */
export interface ChangedMemory {
  readonly id: string;
  readonly position: number;
}

/**
 * Indexes in the central Redis, one for each model (null: words only). They hold a projection of what all machines have: losing one costs time, never
 * a memory. Every method rejects with `unavailable` when Redis does not answer in time.
 */
export interface ServerSearch {
  /** Why this Redis cannot search at all, and what to do; undefined when it can. */
  problem(): Promise<MemoryError | undefined>;

  /** Rejects with `unavailable`, too, while there is no complete index for the model. */
  candidates(model: IndexModel | null, query: CandidateQuery): Promise<Candidates>;

  /** Takes the right to write for 15 s, or renews it; undefined while another has it. Makes the index where there is none. */
  lead(model: IndexModel | null, token: string): Promise<SearchLease | undefined>;

  /** Gives the right back. */
  release(model: IndexModel | null, token: string): Promise<void>;

  /** Memories that changed after a position of the central log, by their last change, at most `limit`. */
  changedAfter(position: number, limit: number): Promise<readonly ChangedMemory[]>;

  /**
   * Puts these into the index, all or none, which then stands at this position.
   * @returns false, and nothing is written, when another has the right to write or the index stands elsewhere than the lease says
   */
  project(
    model: IndexModel | null,
    lease: SearchLease,
    memories: readonly ProjectedMemory[],
    position: number,
  ): Promise<boolean>;

  /** Ids of documents without a vector, in pages; the next cursor is 0 after the last. */
  withoutVector(
    model: IndexModel | null,
    cursor: number,
  ): Promise<{ readonly ids: readonly string[]; readonly cursor: number }>;

  /** Lets all search there, once the server has indexed every document. @returns false while it has not */
  open(model: IndexModel | null, lease: SearchLease): Promise<boolean>;

  /** Has everything projected anew. */
  restart(model: IndexModel | null): Promise<void>;

  report(model: IndexModel | null): Promise<ServerIndexReport>;

  /** Removes indexes that nobody has used for a day, but for those of these models. @returns their names */
  retire(models: readonly (IndexModel | null)[]): Promise<readonly string[]>;

  /** Removes all indexes under our prefix, their documents and nothing else. @returns their names */
  dropAll(): Promise<readonly string[]>;
}
