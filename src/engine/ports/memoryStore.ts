import type { Caller, Viewer } from '../model/caller.ts';
import type { Memory, MemoryPatch, MemoryType, Priority } from '../model/memory.ts';
import type { Operation } from '../model/operation.ts';

export type { Viewer } from '../model/caller.ts';

/** A memory to insert; the store adds owner's bookkeeping (version 1, counts 0, times). */
export type NewMemory = Omit<
  Memory,
  'version' | 'createdAt' | 'updatedAt' | 'accessedAt' | 'accessCount' | 'owner'
> & {
  /** When it happened, if that is not now (imports). */
  readonly createdAt?: number;
  /** It comes from an export: this bookkeeping is taken over instead of begun. */
  readonly restored?: RestoredState;
};

export interface RestoredState
  extends Pick<Memory, 'owner' | 'updatedAt' | 'accessedAt' | 'accessCount' | 'version'> {
  /** Oldest first. */
  readonly versions: readonly MemoryVersion[];
}

export interface InsertOutcome {
  readonly memory: Memory;
  /**
   * True when the namespace held the same content already, among the public memories for a public one, else among the caller's
   * own: that memory is returned, its access count raised. It becomes sensitive when the repeat is.
   */
  readonly duplicate: boolean;
  /** The operation that was logged; null for a duplicate that stayed as it was. */
  readonly operationId: string | null;
}

/** Conditions are joined by AND; an absent one does not filter. */
export interface MemoryFilter {
  readonly namespaces?: readonly string[];
  readonly ids?: readonly string[];
  readonly agent?: string;
  readonly types?: readonly MemoryType[];
  readonly priorities?: readonly Priority[];
  /** All of them. */
  readonly tags?: readonly string[];
  readonly session?: string;
  readonly pinned?: boolean;
  /** Created at or after / before, ms. */
  readonly since?: number;
  readonly until?: number;
  /** Only those whose expiry lies at or before this time, ms; by default expired ones are left out, unless `ids` names them. */
  readonly expiredAt?: number;
  readonly externalId?: string;
  readonly externalIdPrefix?: string;
  /** Anchored in this file (path relative to the repository). */
  readonly path?: string;
}

export interface Page {
  /** 1..1000 */
  readonly limit: number;
  readonly offset: number;
  /** Id of the last memory of the page before: only what follows it, whatever has been stored meanwhile. */
  readonly after?: string;
  /** Newest first by this time, or the oldest created first. Default `created`. */
  readonly order?: 'created' | 'updated' | 'accessed' | 'oldest';
}

export interface MemoryVersion {
  readonly version: number;
  readonly memory: Memory;
  /** Who made the change that ended this version, and when. */
  readonly replacedBy: string;
  readonly replacedAt: number;
}

export interface MemoryCounts {
  readonly total: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly byPriority: Readonly<Record<string, number>>;
  readonly byAgent: Readonly<Record<string, number>>;
  readonly byNamespace: Readonly<Record<string, number>>;
  readonly pinned: number;
  readonly expired: number;
  /** Bytes of content. */
  readonly contentBytes: number;
}

/**
 * Where memories are kept. Each method is one atomic, durable change or one consistent read:
 * when a write's promise resolves, it is on disk. Errors are `MemoryError`s; a store that cannot
 * be reached or written rejects with `unavailable`.
 */
export interface MemoryStore {
  /**
   * Inserts all or none. Equal content hash in a namespace: see `InsertOutcome.duplicate`
   * (also among the drafts themselves). A deleted or expired memory is no duplicate; its owner may use a deleted one's id again.
   * Rejects with `conflict` when an id, or an external id in its namespace, is taken by other content.
   */
  insert(drafts: readonly NewMemory[], caller: Caller): Promise<readonly InsertOutcome[]>;

  /** In the order asked; undefined for what does not exist, is deleted, or the viewer may not see. */
  get(ids: readonly string[], viewer: Viewer): Promise<readonly (Memory | undefined)[]>;

  /**
   * Sets fields, keeps the old version, logs an operation. `contentHash` follows the content.
   * Rejects with `not_found` (or invisible), with `conflict` when `expectedVersion` differs or another memory of
   * the namespace has that content, with `forbidden` when another than the owner changes who sees it, or lifts its encryption.
   */
  update(
    id: string,
    patch: MemoryPatch,
    caller: Caller,
    expectedVersion?: number,
  ): Promise<{ memory: Memory; operationId: string }>;

  /** Tombstones what the viewer may see of these; returns the operations, in order. */
  remove(ids: readonly string[], caller: Caller): Promise<readonly Operation[]>;

  /**
   * Takes one operation back: an update returns to the version before, a create is deleted, a delete restored (without its
   * expiry, when that is over). Rejects with `not_found`, `conflict` when the memory changed since or another took its place,
   * `forbidden` when another than the owner would change who sees it.
   */
  undo(operationId: string, caller: Caller): Promise<Operation>;

  list(
    filter: MemoryFilter,
    page: Page,
    viewer: Viewer,
  ): Promise<{ memories: readonly Memory[]; total: number }>;

  /** Oldest first, without the current one, and without those that were kept from the viewer. */
  versions(id: string, viewer: Viewer): Promise<readonly MemoryVersion[]>;

  /** Raises access counts and times. Best effort: it is no operation and makes nobody wait for the disk. */
  touch(ids: readonly string[], at: number): Promise<void>;

  counts(filter: MemoryFilter, viewer: Viewer): Promise<MemoryCounts>;

  /** Tombstones up to `limit` memories whose time is over, on behalf of housekeeping; returns how many. */
  expire(at: number, limit: number): Promise<number>;
}
