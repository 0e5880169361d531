import type { LabelCondition } from '../model/labelCondition.ts';
import type { MemoryType, Priority } from '../model/memory.ts';
import type { Viewer } from '../ports/memoryStore.ts';

/** What to look for, and through whose eyes. Conditions are joined by AND. */
export interface SearchQuery {
  readonly text: string;
  /** Embedding of the text, unit length; absent: by words only. */
  readonly vector?: Float32Array;
  readonly viewer: Viewer;
  /** Only what was reviewed, and what this principal wrote. Default: all */
  readonly unreviewedOf?: string;
  /** undefined: all that the viewer may see. */
  readonly namespaces?: readonly string[];
  readonly agent?: string;
  readonly types?: readonly MemoryType[];
  /** `archive` is left out unless named here. */
  readonly priorities?: readonly Priority[];
  /** All of them. */
  readonly tags?: readonly string[];
  readonly labels?: readonly LabelCondition[];
  /** Only memories of these ids. */
  readonly among?: readonly string[];
  readonly session?: string;
  /** Created at or after / before, ms. */
  readonly since?: number;
  readonly until?: number;
  /** 1..1000 */
  readonly limit: number;
  /** 0..1, on the final score. */
  readonly threshold?: number;
  /** Ranks by words and meaning alone: what meaning counts, 0..1. Absent: by all features. */
  readonly balance?: number;
  /** Milliseconds since the epoch: what has expired, or is not valid now, is left out. */
  readonly now: number;
}

export interface SearchHit {
  readonly num: number;
  readonly id: string;
  /** 0..1, best first; ties by `num`. */
  readonly score: number;
  /** What each feature added; they sum to the score. */
  readonly parts: Readonly<Record<string, number>>;
}
