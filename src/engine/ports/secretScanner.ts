/** A secret found in a text: `[start, end)` in UTF-16 units. */
export interface SecretFinding {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

/** Finds keys, tokens and passwords. */
export interface SecretScanner {
  scan(text: string): Promise<readonly SecretFinding[]>;
}
