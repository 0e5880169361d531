import type { Caller, Viewer } from '../model/caller.ts';
import type { LabelCondition } from '../model/labelCondition.ts';
import type { Memory, MemoryPatch, MemoryType, Priority, ReviewState } from '../model/memory.ts';
import type { Operation } from '../model/operation.ts';
import type { Span } from '../model/span.ts';

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
   * own: that memory is returned, its access count raised. It becomes sensitive when the repeat is, and accepted when the repeat is.
   */
  readonly duplicate: boolean;
  /** The operation that was logged; null for a duplicate that stayed as it was. */
  readonly operationId: string | null;
}

/** One of several changes that are done together, on behalf of its caller. */
export type MemoryChange = { readonly caller: Caller } & (
  | { readonly kind: 'insert'; readonly draft: NewMemory }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly patch: MemoryPatch;
      readonly expectedVersion?: number;
    }
  | { readonly kind: 'remove'; readonly id: string; readonly expectedVersion?: number }
  /** As `MemoryStore.undo`. */
  | { readonly kind: 'undo'; readonly operationId: string }
  /**
   * Adds how often these were used, be they deleted, to the count of `to`; `away` takes it off again, down to 0 at most. No operation:
   * versions stay, and where machines share a memory the others learn of it as of any use. With other changes only: by itself it is not kept.
   */
  | { readonly kind: 'count'; readonly to: string; readonly of: readonly string[]; readonly away?: true }
);

export type ChangeOutcome =
  | ({ readonly kind: 'insert' } & InsertOutcome)
  | { readonly kind: 'update'; readonly memory: Memory; readonly operationId: string }
  | { readonly kind: 'remove'; readonly operation: Operation }
  | { readonly kind: 'undo'; readonly operation: Operation }
  | { readonly kind: 'count' };

export interface ApplyOptions {
  /** Where machines share a memory and it is out of reach: rejects with `unavailable` instead of letting the changes wait. */
  readonly atOnce?: boolean;
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
  readonly labels?: readonly LabelCondition[];
  readonly session?: string;
  readonly pinned?: boolean;
  /** true: only those that no person has looked at. */
  readonly unreviewed?: true;
  readonly review?: ReviewState;
  /** Created at or after / before, ms. */
  readonly since?: number;
  readonly until?: number;
  /** Only those whose expiry lies at or before this time, ms; by default expired ones are left out, unless `ids` names them. */
  readonly expiredAt?: number;
  readonly externalId?: string;
  readonly externalIdPrefix?: string;
  /** Anchored in this file (path relative to the repository). */
  readonly path?: string;
  /** With `path`: anchored to lines of it, or to the file as a whole. */
  readonly lined?: boolean;
  /** true: only those that speak of a place in code. */
  readonly anchored?: true;
}

/** `limit` is 1..1000. */
export interface Page extends Span {
  /** Id of the last memory of the page before: only what follows it, whatever has been stored meanwhile. */
  readonly after?: string;
  /** Newest first by this time, or the oldest created first. Default `created`. */
  readonly order?: 'created' | 'updated' | 'accessed' | 'oldest';
  /** Whoever reads all pages need not know at each how many match: `total` is 0 then. */
  readonly uncounted?: true;
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

/** How memories come and go, of those that match, without expired ones. */
export interface MemoryTrend {
  /** How many that are still there were created on each of the last days (UTC), today's last. */
  readonly storedByDay: readonly number[];
  /** How many expire within so many days. */
  readonly expiring: number;
}

/** A memory that no person has looked at, and what there is to look at. */
export interface UnreviewedMemory {
  readonly memory: Memory;
  /** As it was accepted last; undefined: it never was, or that is kept from the viewer. */
  readonly accepted: MemoryVersion | undefined;
  /** Who changed it last, in which of its sessions, and when (ms). */
  readonly by: string;
  readonly instance: string;
  readonly at: number;
}

/** Whole days, 1..366: back, and ahead. */
export interface TrendDays {
  readonly stored: number;
  readonly expiring: number;
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
   * Does all or none, in order, each on what the one before has left. Refused for what `insert`, `update` and `undo` are refused for, with
   * `not_found` for a removal of what its caller may not see, and `conflict` where that has another version; the message names the change.
   */
  apply(changes: readonly MemoryChange[], options?: ApplyOptions): Promise<readonly ChangeOutcome[]>;

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

  /** Those that match and wait for review, changed last first. @param instance only those that this session changed last */
  unreviewed(
    filter: MemoryFilter,
    page: Span,
    viewer: Viewer,
    instance?: string,
  ): Promise<{ readonly memories: readonly UnreviewedMemory[]; readonly total: number }>;

  /**
   * Raises access counts and times, after it has returned. Best effort: it is no operation and makes nobody wait for the disk.
   * @param user id of the principal that used them
   */
  touch(ids: readonly string[], at: number, user?: string): void;

  /**
   * How many principals are known to have used each of these since a time, ms: those of this machine, 16 at most. In the order asked. What waits to be counted
   * is written first.
   */
  users(ids: readonly string[], since: number): Promise<readonly number[]>;

  counts(filter: MemoryFilter, viewer: Viewer): Promise<MemoryCounts>;

  trend(filter: MemoryFilter, days: TrendDays, viewer: Viewer): Promise<MemoryTrend>;

  /** Tombstones up to `limit` memories whose time is over, on behalf of housekeeping; returns how many. */
  expire(at: number, limit: number): Promise<number>;
}
