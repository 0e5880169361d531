import type { BoundedCache } from '../caches/boundedCache.ts';
import type { SearchHit, SearchQuery } from './searchQuery.ts';

/** About what a hit with its parts takes. */
const HIT_BYTES = 500;
const ANSWER_BYTES = 300;

/** What a search found: ids and scores, no text but the question's. */
export interface KeptAnswer {
  readonly hits: readonly SearchHit[];
  readonly vector: Float32Array | undefined;
  /** ms since the epoch. */
  readonly from: number;
}

/**
 * What an index answered, as long as it would answer the same: until it changes, or time changes what can be found. Only the weight of age
 * stands still meanwhile. Rights are part of the question, and whoever shows a hit reads it from the store again.
 */
export class AnswerCache {
  readonly #kept: BoundedCache<KeptAnswer>;
  readonly #name: string;
  readonly #ttlMs: number;
  #version = '';

  /**
   * @param kept may be shared with the answers of other indexes
   * @param name tells this index's answers from theirs
   */
  constructor(kept: BoundedCache<KeptAnswer>, name: string, ttlMs: number) {
    this.#kept = kept;
    this.#name = `${name}\n`;
    this.#ttlMs = ttlMs;
  }

  /** @param version of the index: answers of another one are forgotten */
  find(version: string, query: SearchQuery): readonly SearchHit[] | undefined {
    if (version !== this.#version) {
      this.#version = version;
      this.#kept.forget((_, key) => key.startsWith(this.#name));
    }
    // A clock that was set back shows what had not been found yet.
    const isFit = ({ from, vector }: KeptAnswer) => from <= query.now && isSame(vector, query.vector);
    return this.#kept.get(this.#keyOf(query), query.now, isFit)?.hits;
  }

  /** @param changesAt when time changes next what can be found, ms since the epoch */
  keep(query: SearchQuery, hits: readonly SearchHit[], changesAt: number): void {
    const { now, text, vector } = query;
    const key = this.#keyOf(query);
    const bytes = ANSWER_BYTES + 2 * (key.length + text.length) + (vector?.byteLength ?? 0);
    const until = Math.min(changesAt, now + this.#ttlMs);
    this.#kept.set(key, { hits, vector, from: now }, bytes + hits.length * HIT_BYTES, until, text);
  }

  #keyOf({ now: _now, vector: _vector, viewer, ...asked }: SearchQuery): string {
    const parts = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
    return this.#name + JSON.stringify([viewer.principal, viewer.client, viewer.namespaces, parts]);
  }
}

/** Models need not give the same vector for the same text each time. */
function isSame(one: Float32Array | undefined, other: Float32Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((value, i) => value === other[i]);
}
