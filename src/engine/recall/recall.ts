import type { Caller } from '../model/caller.ts';
import type { Memory, MemoryType, Priority } from '../model/memory.ts';

/** How recall works at this moment; shown wherever an answer could surprise without it. */
export type RecallMode = 'hybrid' | 'lexical';

/** What to look for. Conditions are joined by AND. */
export interface RecallQuery {
  readonly text: string;
  readonly namespaces?: readonly string[];
  /** 1..100 */
  readonly limit: number;
  /** 0..1, on the final score. */
  readonly threshold?: number;
  readonly agent?: string;
  readonly types?: readonly MemoryType[];
  readonly priorities?: readonly Priority[];
  readonly tags?: readonly string[];
  readonly session?: string;
  readonly since?: number;
  readonly until?: number;
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
