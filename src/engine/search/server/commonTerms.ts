import type { TermStatistics } from '../../ranking/windowedBm25.ts';

/** Fewer memories tell too little of what all hold. */
const SAMPLE = 500;
/** A term in such a share of the sample is as common among all: to count it there takes as long as a search. */
const COMMON = 0.03;
/** A term that so many hold finds nobody: it is looked for only where the question has no other. */
const EVERYWHERE = 0.2;

/**
 * What is asked of the server.
 * @param sample of the memories that changed last
 * @returns the terms to be counted, and those to be looked for
 */
export function chooseTerms(
  terms: readonly number[],
  { frequencies, total }: TermStatistics,
): { readonly counted: readonly number[]; readonly looked: readonly number[] } {
  if (total < SAMPLE) return { counted: terms, looked: terms };
  const below = (share: number) => terms.filter((_, i) => frequencies[i]! < share * total);
  const telling = below(EVERYWHERE);
  return { counted: below(COMMON), looked: telling.length > 0 ? telling : terms };
}

/** How common each term is among all: as it was counted, else as the sample has it. */
export function completed(
  terms: readonly number[],
  sample: TermStatistics,
  counted: readonly number[],
  found: TermStatistics,
): TermStatistics {
  const known = new Map(counted.map((term, i) => [term, found.frequencies[i]!]));
  const share = found.total / Math.max(1, sample.total);
  const frequencies = terms.map((term, i) => known.get(term) ?? Math.round(sample.frequencies[i]! * share));
  return { total: found.total, frequencies };
}
