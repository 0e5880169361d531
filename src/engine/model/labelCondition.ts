/** What labels of a memory must be; all that is given holds. */
export interface LabelCondition {
  readonly of: 'tag' | 'session';
  /** It has one of these at least. */
  readonly any?: readonly string[];
  /** It has none of these. */
  readonly none?: readonly string[];
  /** One of its labels begins so. */
  readonly startsWith?: string;
  /** One of its labels stands between these, both included, as plain text is sorted. */
  readonly between?: readonly [from: string, to: string];
}
