import { MemoryError } from '../errors.ts';
import { checkText } from '../memories/checkText.ts';

const MOST_CHARS = 500;

/** Throws `invalid_input` for a name that is none of a cache, or a key or tag that could not be read as it was written. */
export function checkCacheEntry(cache: string, keys: readonly string[]): void {
  if (!/^[a-z_]{1,40}$/.test(cache))
    throw new MemoryError(
      'invalid_input',
      `"${cache.slice(0, 40)}" is no name of a cache.`,
      'Use lower-case letters and _.',
    );
  for (const key of keys) {
    if (key === '' || key.length > MOST_CHARS)
      throw new MemoryError(
        'invalid_input',
        `A key of a cache has ${key.length} characters.`,
        `Give 1 to ${MOST_CHARS}; of what is longer, a hash.`,
      );
    checkText('A key of a cache', key, MOST_CHARS);
  }
}
