import { PRIORITIES } from '../model/memory.ts';
import { type Catalog, NONE } from '../search/catalog.ts';
import { contextShare } from './contextShare.ts';
import { type DateCues, dateMatch } from './dateMatch.ts';
import type { Feature } from './weights.ts';
import type { WindowedBm25 } from './windowedBm25.ts';

const DAY_MS = 86_400_000;
/** Age at which recency is worth half. */
const HALF_LIFE_DAYS = 30;
const CRITICAL_FIRST = PRIORITIES.length - 1;
/** What neighbours at distance 1 and 2 count beside the similarity of a memory that takes all of its context. */
const WINDOW_SHARES = [0.5, 0.25] as const;

/** What the features of all candidates of one query have in common. */
export interface Scene {
  readonly catalog: Catalog;
  readonly bm25: WindowedBm25;
  /** Best score by words among the candidates, or what a full match would have; > 0. */
  readonly bestWords: number;
  readonly bestSession: number;
  /** Cosine of a row with the question, 0 where there is no vector; undefined when the search is by words only. */
  readonly cosine: ((row: number) => number) | undefined;
  readonly dates: DateCues | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Every feature of one candidate, each 0..1. A memory outside sessions takes its own words and meaning for its session's. */
export function featuresOf(row: number, scene: Scene): Readonly<Record<Feature, number>> {
  const { catalog, bm25, cosine } = scene;
  const inSession = catalog.session[row] !== 0;
  const words = clamp(bm25.scores[row]! / scene.bestWords);
  const meaning = cosine ? clamp(cosine(row)) : 0;
  const ageDays = Math.max(0, scene.now - catalog.created[row]!) / DAY_MS;
  return {
    words,
    meaning,
    session: inSession ? clamp(bm25.sessionScores[catalog.session[row]!]! / scene.bestSession) : words,
    window: cosine && inSession ? clamp(windowCosine(row, catalog, cosine)) : meaning,
    date: scene.dates ? dateMatch(scene.dates, catalog.created[row]!) : 0,
    length: 1 - Math.exp(-catalog.words[row]! / 15),
    statement: catalog.question[row] === 0 ? 1 : 0,
    recency: 2 ** (-ageDays / HALF_LIFE_DAYS),
    priority: (CRITICAL_FIRST - catalog.priority[row]!) / CRITICAL_FIRST,
    access: clamp(Math.log1p(catalog.accesses[row]!) / Math.log(100)),
  };
}

function windowCosine(row: number, catalog: Catalog, cosine: (row: number) => number): number {
  const own = cosine(row);
  let sum = own;
  let shares = 1;
  for (const links of [catalog.previous, catalog.next]) {
    let neighbour = row;
    for (const share of WINDOW_SHARES) {
      neighbour = links[neighbour]!;
      if (neighbour === NONE) break;
      sum += share * cosine(neighbour);
      shares += share;
    }
  }
  return own + contextShare(catalog.words[row]!) * (sum / shares - own);
}

function clamp(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0;
}
