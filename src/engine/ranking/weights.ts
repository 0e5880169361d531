/**
 * What each feature is worth; docs/ranking.md tells how they were found and what each brings. Features are 0..1, the weights sum
 * to 1, and so a score is 0..1.
 */
export const WEIGHTS = {
  /** The question's words, in the memory and about it in its session. */
  words: 0.155,
  /** The same meaning in other words. */
  meaning: 0.08,
  /** The words of the whole session: what a conversation is about is rarely said again in each turn. */
  session: 0.085,
  /** The meaning of the memory together with its neighbours. */
  window: 0.24,
  /** The date that the question names; without one, this weight goes to the others. */
  date: 0.25,
  /** A memory of three words answers little; saturates at about 40 words. */
  length: 0.12,
  /** A memory that ends in a question mark asks, and does not tell. */
  statement: 0.05,
  /** Of two that fit as well, the newer, the more important and the more used: never enough to outrank a better fit. */
  recency: 0.005,
  priority: 0.01,
  access: 0.005,
} as const satisfies Readonly<Record<string, number>>;

export type Feature = keyof typeof WEIGHTS;
export type Weights = Readonly<Record<Feature, number>>;
export const FEATURES = Object.keys(WEIGHTS) as readonly Feature[];

/**
 * The weights for what a search has to go by, still summing to what they did: by words alone, meaning's go to the words; without a date
 * in the question, date's go to all.
 */
export function weightsFor(
  weights: Weights,
  has: { readonly meaning: boolean; readonly date: boolean },
): Weights {
  const { words, meaning, session, window, date } = weights;
  const moved = has.meaning
    ? weights
    : { ...weights, words: words + meaning, session: session + window, meaning: 0, window: 0 };
  if (has.date) return moved;
  const total = FEATURES.reduce((sum, feature) => sum + weights[feature], 0);
  const scale = total / (total - date);
  return Object.fromEntries(
    FEATURES.map(feature => [feature, feature === 'date' ? 0 : moved[feature] * scale]),
  ) as Weights;
}
