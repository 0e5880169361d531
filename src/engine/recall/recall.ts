import type { Caller } from '../model/caller.ts';
import type { LabelCondition } from '../model/labelCondition.ts';
import type { Memory, MemoryType, Priority } from '../model/memory.ts';
import type { ReviewGate } from '../model/reviewGate.ts';

/** How recall works at this moment; shown wherever an answer could surprise without it. */
export type RecallMode = 'hybrid' | 'lexical';

/** What to look for. Conditions are joined by AND. */
export interface RecallQuery {
  readonly text: string;
  readonly namespaces?: readonly string[];
  /** 1..1000 */
  readonly limit: number;
  /** 0..1, on the final score. */
  readonly threshold?: number;
  readonly agent?: string;
  readonly types?: readonly MemoryType[];
  readonly priorities?: readonly Priority[];
  readonly tags?: readonly string[];
  readonly labels?: readonly LabelCondition[];
  /** Only memories of these ids; where the server holds the index, only those among its candidates. */
  readonly among?: readonly string[];
  readonly session?: string;
  readonly since?: number;
  readonly until?: number;
  /**
   * Ranks by words and meaning alone: what meaning counts, 0 (words only, which needs no model) to 1. A memory that has no vector yet is found by
   * its words. Absent: by all features.
   */
  readonly balance?: number;
  /** A person looks around: what is found does not count as used. */
  readonly browsing?: boolean;
}

export interface Recalled {
  readonly memory: Memory;
  /** 0..1, best first. */
  readonly score: number;
  /** What each feature added to the score. */
  readonly parts: Readonly<Record<string, number>>;
}

export interface RecallAnswer {
  readonly memories: readonly Recalled[];
  /** What becomes of those among them that no person has reviewed. */
  readonly gate: ReviewGate;
  readonly mode: RecallMode;
  /** Why it was lexical. */
  readonly problem?: string;
}

/** Finding: hybrid when the query could be embedded in time, else lexical, and the answer says which. */
export interface Recall {
  search(query: RecallQuery, caller: Caller, signal: AbortSignal): Promise<RecallAnswer>;
  /** Memories near to this one, without itself. Rejects with `not_found`. */
  similar(
    id: string,
    query: Omit<RecallQuery, 'text'>,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<RecallAnswer>;
}
