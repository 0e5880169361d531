import type { Catalog } from '../search/catalog.ts';
import type { SearchHit } from '../search/searchQuery.ts';
import { dateCues } from './dateMatch.ts';
import { featuresOf, type Scene } from './features.ts';
import { rankBalanced } from './rankBalanced.ts';
import { FEATURES, WEIGHTS, type Weights, weightsFor } from './weights.ts';
import type { WindowedBm25 } from './windowedBm25.ts';

/** Share of a full match that counts as the best score by words, when no candidate reaches more: a poor match stays poor. */
const FULL_MATCH_SHARE = 0.5;

export interface RankOptions {
  readonly question: string;
  /** Cosine of a row with the question; absent when the search is by words only. */
  readonly cosine?: (row: number) => number;
  /** Whether a row has a vector, where that is to be told from one that is at right angles. */
  readonly hasVector?: (row: number) => boolean;
  readonly limit: number;
  readonly threshold: number;
  readonly now: number;
  /** See `SearchQuery.balance`. */
  readonly balance?: number;
  /** For the benchmarks, which try others. */
  readonly weights?: Weights;
}

/** The candidates as hits, best first. */
export function rank(
  candidates: Iterable<number>,
  catalog: Catalog,
  bm25: WindowedBm25,
  options: RankOptions,
): readonly SearchHit[] {
  const rows = [...candidates];
  const scene = sceneOf(rows, catalog, bm25, options);
  if (options.balance !== undefined) return rankBalanced(rows, scene, options.balance, options);
  const weights = weightsFor(options.weights ?? WEIGHTS, {
    meaning: scene.cosine !== undefined,
    date: scene.dates !== undefined,
  });
  return rows
    .map(row => {
      const features = featuresOf(row, scene);
      let score = 0;
      for (const feature of FEATURES) score += weights[feature] * features[feature];
      return { row, num: catalog.num[row]!, score, features };
    })
    .filter(hit => hit.score >= options.threshold)
    .sort((a, b) => b.score - a.score || a.num - b.num)
    .slice(0, options.limit)
    .map(({ row, num, score, features }) => ({
      ...{ num, id: catalog.ids[row]!, score },
      parts: Object.fromEntries(FEATURES.map(feature => [feature, weights[feature] * features[feature]])),
    }));
}

export function sceneOf(
  rows: readonly number[],
  catalog: Catalog,
  bm25: WindowedBm25,
  { question, cosine, now }: RankOptions,
): Scene {
  const fullMatch = bm25.idf.reduce((sum, idf) => sum + idf, 0);
  let bestWords = fullMatch * FULL_MATCH_SHARE || 1;
  let bestSession = Number.MIN_VALUE;
  for (const row of rows) {
    bestWords = Math.max(bestWords, bm25.scores[row]!);
    bestSession = Math.max(bestSession, bm25.sessionScores[catalog.session[row]!]!);
  }
  return { catalog, bm25, bestWords, bestSession, cosine, dates: dateCues(question), now };
}
