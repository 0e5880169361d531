/**
 * What each feature is worth; docs/ranking.md tells how they were found and what each brings. Features are 0..1, the weights sum
 * to 1, and so a score is 0..1.
 */
export const WEIGHTS = {
  /** The question's words, in the memory and about it in its session. */
  words: 0.42,
  /** The same meaning in other words. */
  meaning: 0.27,
  /** The words of the whole session: what a conversation is about is rarely said again in each turn. */
  session: 0.1,
  /** The meaning of the memory with its neighbours. */
  window: 0.1,
  /** The date that the question names. */
  date: 0.06,
  /** Longer memories answer more often; saturates at about 40 words. */
  length: 0.02,
  /** Of two that fit as well, the newer, the more important and the more used: never enough to outrank a better fit. */
  recency: 0.01,
  priority: 0.01,
  access: 0.01,
} as const satisfies Readonly<Record<string, number>>;

export type Feature = keyof typeof WEIGHTS;
export const FEATURES = Object.keys(WEIGHTS) as readonly Feature[];
