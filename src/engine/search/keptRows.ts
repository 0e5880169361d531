import { AllowedRows, type Conditions } from './allowedRows.ts';
import type { Catalog } from './catalog.ts';
import type { SearchQuery } from './searchQuery.ts';

/** A byte a row each. */
const KEPT = 16;

interface Kept {
  readonly allowed: AllowedRows;
  /** `Catalog.changes` at that time. */
  readonly changes: number;
  /** ms since the epoch, of the query that was last. */
  from: number;
}

/**
 * The rows that queries may see, kept for those that come: most differ in their words alone, and a pass over 100,000 rows costs as much as
 * finding their words. Memories that came since are added; when others changed, or time changes something, the pass is made anew.
 */
export class KeptRows {
  readonly #catalog: Catalog;
  /** By their conditions, the least used first. */
  readonly #kept = new Map<string, Kept>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  of(query: SearchQuery): AllowedRows {
    const { text: _, vector: __, limit: ___, threshold: ____, balance: _____, ...conditions } = query;
    const key = keyOf(conditions);
    const kept = this.#fit(this.#kept.get(key), query.now) ?? {
      allowed: new AllowedRows(),
      changes: this.#catalog.changes,
      from: query.now,
    };
    kept.from = query.now;
    kept.allowed.extend(this.#catalog, conditions);
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return kept.allowed;
  }

  /** A clock that was set back shows what had not been found yet. */
  #fit(kept: Kept | undefined, now: number): Kept | undefined {
    if (!kept || kept.changes !== this.#catalog.changes) return undefined;
    return kept.from <= now && now < kept.allowed.until ? kept : undefined;
  }
}

function keyOf({ now: _, ...conditions }: Conditions): string {
  return JSON.stringify(Object.entries(conditions).sort(([a], [b]) => (a < b ? -1 : 1)));
}
