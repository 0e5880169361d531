/** A part of a list. */
export interface Span {
  /** How many at most, >= 0. */
  readonly limit: number;
  /** How many are passed over first, >= 0. */
  readonly offset: number;
}
