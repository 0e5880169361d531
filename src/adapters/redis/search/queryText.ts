/** A value as FT.SEARCH takes it. */
export type QueryValue = string | number | Buffer;

/**
 * Writes the text of an FT.SEARCH query. Fields and signs are ours; every value goes beside the text as a parameter, so that none of them can
 * be read as syntax.
 */
export class QueryText {
  readonly #values: QueryValue[] = [];

  /** @returns its name in the text */
  value(value: QueryValue): string {
    this.#values.push(value);
    return `$v${this.#values.length - 1}`;
  }

  /** Any of these values in a TAG field. */
  anyOf(field: TagField, values: readonly string[]): string {
    return `@${field}:{${values.map(value => this.value(value)).join('|')}}`;
  }

  /** None of these values in a TAG field. */
  noneOf(field: TagField, values: readonly string[]): string {
    return `-${this.anyOf(field, values)}`;
  }

  /** Any of these words in the TEXT field. */
  words(words: readonly string[]): string {
    return `@words:(${words.map(word => this.value(word)).join('|')})`;
  }

  /** From `least` to `most`, both included; undefined: no bound. */
  between(field: NumericField, least: number | undefined, most: number | undefined): string {
    const from = least === undefined ? '-inf' : this.value(least);
    const to = most === undefined ? '+inf' : this.value(most);
    return `@${field}:[${from} ${to}]`;
  }

  /** Arguments of the command, after the text. */
  get parameters(): readonly QueryValue[] {
    if (this.#values.length === 0) return [];
    return ['PARAMS', 2 * this.#values.length, ...this.#values.flatMap((value, i) => [`v${i}`, value])];
  }
}

export const TAG_FIELDS = [
  'seen',
  'unreviewed',
  'namespace',
  'agent',
  'type',
  'priority',
  'tags',
  'session',
] as const;
export type TagField = (typeof TAG_FIELDS)[number];

export const NUMERIC_FIELDS = ['created', 'expires', 'from', 'until'] as const;
export type NumericField = (typeof NUMERIC_FIELDS)[number];
