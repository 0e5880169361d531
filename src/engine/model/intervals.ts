import { MemoryError } from '../errors.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MOST_MS = 366 * 86_400_000;

/**
 * How often what is done, by its name: ms, or null for never.
 * @param text such as `embed=5m compact=12h, backup=off`. Throws `invalid_input` for another
 */
export function readIntervals(text: string): ReadonlyMap<string, number | null> {
  const read = new Map<string, number | null>();
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const [, name, amount, unit, off] = /^([a-z_]+)=(?:(\d+)([smhd])|(off))$/.exec(word) ?? [];
    const ms = off ? null : Number(amount) * UNITS[unit ?? '']!;
    if (name === undefined || ms === 0 || (ms !== null && ms > MOST_MS))
      throw new MemoryError(
        'invalid_input',
        `${JSON.stringify(word)} is no interval.`,
        'Write a name and how often, such as embed=5m, compact=12h or backup=off; a year is the most.',
      );
    read.set(name, ms);
  }
  return read;
}
