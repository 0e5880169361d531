import type { CandidateQuery } from '../../../engine/ports/serverSearch.ts';
import { count, type SearchArguments } from './candidateQueries.ts';

/** How long a count is good enough: a word's rarity changes slowly. */
const KEPT_MS = 60_000;
const MOST = 20_000;

/** How many memories a viewer may see, and how many of them hold a term; remembered for a while, since a count costs as much as a search. */
export class Frequencies {
  readonly #counts = new Map<string, { readonly count: number; readonly at: number }>();

  /** What is to be asked, and what takes the answers. @param index its name */
  missing(
    index: string,
    query: CandidateQuery,
  ): { readonly searches: readonly SearchArguments[]; answer(counts: readonly number[]): void } {
    const now = performance.now();
    const wanted = [undefined, ...query.counted].filter(term => {
      const known = this.#counts.get(keyOf(index, query, term));
      return !known || now - known.at > KEPT_MS;
    });
    if (this.#counts.size > MOST) this.#counts.clear();
    return {
      searches: wanted.map(term => count(query, term)),
      answer: counts => {
        for (const [i, term] of wanted.entries())
          this.#counts.set(keyOf(index, query, term), { count: counts[i]!, at: now });
      },
    };
  }

  /** undefined: not counted yet. */
  total(index: string, query: CandidateQuery): number | undefined {
    return this.#counts.get(keyOf(index, query, undefined))?.count;
  }

  of(index: string, query: CandidateQuery): { total: number; frequencies: readonly number[] } {
    const known = (term?: number) => this.#counts.get(keyOf(index, query, term))?.count ?? 0;
    return { total: known(), frequencies: query.counted.map(known) };
  }
}

function keyOf(
  index: string,
  { namespaces, unreviewedOf, viewer }: CandidateQuery,
  term: number | undefined,
): string {
  return JSON.stringify([
    index,
    viewer.principal,
    viewer.client,
    viewer.namespaces,
    namespaces,
    unreviewedOf,
    term,
  ]);
}
