import type { SearchHit } from '../search/searchQuery.ts';
import type { Scene } from './features.ts';

export interface BalancedOptions {
  readonly limit: number;
  readonly threshold: number;
  /** Whether the row has a vector; absent: none has. */
  readonly hasVector?: (row: number) => boolean;
}

/**
 * By words and meaning alone. What has no vector is judged by its words, so that it is found before it is embedded.
 * @param balance what meaning counts, 0..1; with 0 only what has a score by words is a hit
 */
export function rankBalanced(
  rows: readonly number[],
  { bestWords, bm25, catalog, cosine }: Scene,
  balance: number,
  { hasVector, limit, threshold }: BalancedOptions,
): readonly SearchHit[] {
  return rows
    .map(row => {
      const words = clamp(bm25.scores[row]! / bestWords);
      const meaning = cosine && hasVector?.(row) ? clamp(cosine(row)) : words;
      const parts = { words: (1 - balance) * words, meaning: balance * meaning };
      return { num: catalog.num[row]!, id: catalog.ids[row]!, score: parts.words + parts.meaning, parts };
    })
    .filter(({ score }) => score >= threshold && (score > 0 || (balance > 0 && cosine !== undefined)))
    .sort((a, b) => b.score - a.score || a.num - b.num)
    .slice(0, limit);
}

function clamp(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0;
}
