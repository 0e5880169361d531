/** Tokens that a model takes, by how its name begins; the first that fits counts. */
const WINDOWS: readonly (readonly [beginning: string, tokens: number])[] = [
  ['gpt-3.5-turbo-16k', 16_384],
  ['gpt-3.5', 4_096],
  ['gpt-4-32k', 32_768],
  ['gpt-4o', 128_000],
  ['gpt-4.1', 128_000],
  ['gpt-4', 8_192],
  ['gpt-5', 400_000],
  ['o1', 200_000],
  ['o3', 200_000],
  ['o4', 200_000],
  ['claude', 200_000],
  ['text-embedding', 8_191],
];
/** Of a model that is not known: few have less. */
const UNKNOWN = 16_000;

/** How many tokens a client has room for; undefined: it did not say. */
export function windowOf(model: string | undefined, tokens: number | undefined): number | undefined {
  if (tokens !== undefined) return tokens;
  if (model === undefined) return undefined;
  return WINDOWS.find(([beginning]) => model.startsWith(beginning))?.[1] ?? UNKNOWN;
}
