import { MemoryError } from '../../../engine/errors.ts';

/** Both parts of an id have 64 bits. No entry has the highest one: a stream could take none after it. */
const HIGHEST = 2n ** 64n - 1n;

/** An id of a stream's entry, whole. Throws `invalid_input` for what Redis would not take for one. */
export function checkEntryId(id: string): string {
  const [, ms, count] = /^(\d{1,20})-(\d{1,20})$/.exec(id) ?? [];
  if (ms !== undefined && BigInt(ms) < HIGHEST && BigInt(count!) <= HIGHEST) return id;
  throw new MemoryError(
    'invalid_input',
    `"${id.slice(0, 60)}" is no id of an entry.`,
    'Give ids as they were read.',
  );
}
