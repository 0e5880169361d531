import type { Span } from '../model/span.ts';

/** Names what a conversation holds. */
export interface WorkingMemoryKey {
  readonly namespace: string;
  /** Whose conversation; empty: nobody's in particular. */
  readonly user: string;
  /** 1..200 characters. */
  readonly session: string;
}

export interface WorkingMemoryFilter {
  /** undefined: all. */
  readonly namespaces?: readonly string[];
  readonly user?: string;
  readonly session?: string;
}

/**
 * What conversations hold until it is promoted or over: one text each.
 * Methods reject with `invalid_input` for a key that cannot be kept, `unavailable` when the store does not answer in time.
 * @see docs/redis-schema.md
 */
export interface WorkingMemoryRecords {
  /**
   * Adds or replaces.
   * @param lifeMs it is gone so long after this, > 0; null: never
   */
  put(key: WorkingMemoryKey, text: string, lifeMs: number | null): Promise<void>;

  get(key: WorkingMemoryKey): Promise<string | undefined>;

  /** Last put first. */
  list(
    filter: WorkingMemoryFilter,
    span: Span,
  ): Promise<{ readonly keys: readonly WorkingMemoryKey[]; readonly total: number }>;

  /** Idempotent. */
  remove(key: WorkingMemoryKey): Promise<void>;
}
