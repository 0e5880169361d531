import type { LongTermRecord } from './longTermRecord.ts';

const DAY_MS = 86_400_000;
/** Shorter half-lives would divide by nothing. */
const LEAST_DAYS = 0.001;

/** How much age counts beside the fit. Weights are >= 0; half-lives in days, > 0. */
export interface RecencyWeights {
  readonly fit: number;
  readonly recency: number;
  /** Of the recency: how long ago it was used, and how long ago it was made. */
  readonly freshness: number;
  readonly novelty: number;
  readonly accessHalfLifeDays: number;
  readonly createdHalfLifeDays: number;
}

/** As agent memory servers have them. */
export const RECENCY: RecencyWeights = {
  fit: 0.8,
  recency: 0.2,
  freshness: 0.6,
  novelty: 0.4,
  accessHalfLifeDays: 7,
  createdHalfLifeDays: 30,
};

type Dated = Pick<LongTermRecord, 'createdAt' | 'lastAccessed'>;

/** 1 for what was made and used just now, towards 0; each part halves with its half-life. @param now ms since the epoch */
export function recencyOf({ createdAt, lastAccessed }: Dated, weights: RecencyWeights, now: number): number {
  const { accessHalfLifeDays, createdHalfLifeDays, freshness, novelty } = weights;
  const share = (time: number, halfLifeDays: number) =>
    2 ** (-Math.max(0, now - time) / DAY_MS / Math.max(LEAST_DAYS, halfLifeDays));
  const sum =
    freshness * share(lastAccessed, accessHalfLifeDays) + novelty * share(createdAt, createdHalfLifeDays);
  return Math.min(1, Math.max(0, sum));
}

/** Best first by fit and recency; of two that are equal, the one that came first. */
export function rankByRecency<T extends { readonly record: Dated; readonly score: number | null }>(
  found: readonly T[],
  weights: RecencyWeights,
  now: number,
): readonly T[] {
  const worth = ({ record, score }: T) =>
    weights.fit * (score ?? 1) + weights.recency * recencyOf(record, weights, now);
  return found
    .map(one => ({ one, value: worth(one) }))
    .sort((a, b) => b.value - a.value)
    .map(({ one }) => one);
}
