import { FEATURES, type Feature, WEIGHTS, type Weights } from '../../src/engine/ranking/weights.ts';
import type { Judged } from './evaluate.ts';

/** Those that a benchmark without use and importance can say nothing about keep their shipped weight. */
const FIXED: readonly Feature[] = ['recency', 'priority', 'access'];
const FITTED = FEATURES.filter(feature => !FIXED.includes(feature));
const STEPS = 250;
const RATE = 0.3;
const SHRINK = 1e-3;

/** Weights of 1 for everything: the parts of a hit are then its features. */
export const ONES = Object.fromEntries(FEATURES.map(feature => [feature, 1])) as Weights;

/**
 * Weights >= 0 that make the evidence likely under a softmax over each question's candidates (listwise, Cao et al. 2007), by Adam
 * (Kingma and Ba 2015).
 *
 * @param judged asked with `ONES`, so that parts are features
 */
export function fitWeights(judged: readonly Judged[]): Weights {
  const questions = judged.flatMap(({ question, hits }) => {
    const gold = hits.filter(hit => question.evidence.includes(hit.id)).length;
    if (gold === 0) return [];
    return [
      hits.map(hit => ({
        x: FITTED.map(feature => hit.parts[feature]!),
        y: question.evidence.includes(hit.id) ? 1 / gold : 0,
      })),
    ];
  });
  const weights = FITTED.map(() => 5);
  const mean = FITTED.map(() => 0);
  const square = FITTED.map(() => 0);
  for (let step = 1; step <= STEPS; step++) {
    const slope = gradient(questions, weights);
    for (let i = 0; i < weights.length; i++) {
      const value = slope[i]! + SHRINK * weights[i]!;
      mean[i] = 0.9 * mean[i]! + 0.1 * value;
      square[i] = 0.99 * square[i]! + 0.01 * value * value;
      const move = mean[i]! / (1 - 0.9 ** step) / (Math.sqrt(square[i]! / (1 - 0.99 ** step)) + 1e-8);
      weights[i] = Math.max(0, weights[i]! - RATE * move);
    }
  }
  const free = 1 - FIXED.reduce((sum, feature) => sum + WEIGHTS[feature], 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    ...WEIGHTS,
    ...Object.fromEntries(FITTED.map((feature, i) => [feature, (weights[i]! / total) * free])),
  };
}

function gradient(
  questions: readonly (readonly { x: readonly number[]; y: number }[])[],
  weights: readonly number[],
): number[] {
  const slope = weights.map(() => 0);
  for (const candidates of questions) {
    const scores = candidates.map(({ x }) => x.reduce((sum, value, i) => sum + value * weights[i]!, 0));
    const top = Math.max(...scores);
    const shares = scores.map(score => Math.exp(score - top));
    const total = shares.reduce((sum, share) => sum + share, 0);
    for (const [k, { x, y }] of candidates.entries()) {
      const error = (shares[k]! / total - y) / questions.length;
      for (let i = 0; i < slope.length; i++) slope[i]! += error * x[i]!;
    }
  }
  return slope;
}
