import type { Viewer } from '../model/caller.ts';
import type { Memory, MemoryType, Priority, Visibility } from '../model/memory.ts';

/** What the search index holds of a memory. `num` is its number in the store: ascending by insertion, never reused. */
export interface IndexRecord {
  readonly num: number;
  readonly id: string;
  /** True when it is gone: remove it. The other fields but `sensitive` are then meaningless. */
  readonly deleted: boolean;
  readonly namespace: string;
  readonly owner: string;
  readonly visibility: Visibility;
  readonly sharedWith: readonly string[];
  readonly agent: string | null;
  readonly type: MemoryType;
  readonly priority: Priority;
  readonly tags: readonly string[];
  readonly session: string | null;
  readonly pinned: boolean;
  /** What is saved of it must be encrypted. */
  readonly sensitive: boolean;
  readonly content: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly accessCount: number;
  readonly expiresAt: number | null;
  readonly validFrom: number | null;
  readonly validUntil: number | null;
  /** Id of the principal that wrote what nobody has reviewed, empty where it is not known; null: it was reviewed. */
  readonly unreviewedBy: string | null;
}

/** A batch of changes; `cursor` continues after it. */
export interface IndexBatch {
  readonly records: readonly IndexRecord[];
  readonly cursor: number;
  readonly done: boolean;
}

export interface VectorRecord {
  readonly num: number;
  readonly vector: Float32Array;
}

export interface VectorBatch {
  readonly records: readonly VectorRecord[];
  readonly cursor: number;
  readonly done: boolean;
}

/** Newest positions of both cursors. */
export interface IndexHeads {
  readonly log: number;
  readonly vectors: number;
  /** False: some memories cannot be decrypted here and are left out, so that such an index is not to be saved. */
  readonly whole: boolean;
}

/** Feeds the search index of a process: everything once, then what changed. */
export interface IndexSource {
  /**
   * Current state of memories changed after log position `cursor`, each once a batch, at most `limit`.
   * From 0 it yields every live memory, in the order of their last change; one that changes meanwhile comes again.
   * @param since only what changed after this position too, and what is sensitive. Default 0: all
   */
  changesAfter(cursor: number, limit: number, since?: number): Promise<IndexBatch>;

  /** The log position after which the so many live memories have changed that changed last; 0 when there are no more. */
  newestAfter(count: number): Promise<number>;

  /** These memories as of the last `heads`, but what is gone, and those that stand up to so many places from one in its session, each once. */
  recordsAround(ids: readonly string[], distance: number): Promise<readonly IndexRecord[]>;

  /** Live memories, and how many of them are not sensitive. */
  count(): Promise<{ readonly memories: number; readonly open: number }>;

  /** Embeddings of `model` written after position `cursor` (0: all), of live memories, in the order of writing. */
  vectorsAfter(model: string, cursor: number, limit: number): Promise<VectorBatch>;

  /** Float32 vectors of these memories, one after another; a missing one is all zeros. */
  vectors(model: string, nums: readonly number[]): Promise<Float32Array>;

  /** The hits of a search, as of the last `heads`: in the order asked, undefined for what is gone or the viewer may not see. */
  memories(ids: readonly string[], viewer: Viewer): Promise<readonly (Memory | undefined)[]>;

  /** Cheap: asked before every recall. */
  heads(model: string): Promise<IndexHeads>;
}
