import { MemoryError } from '../errors.ts';

/** The last time that ISO 8601 writes with four digits of the year, ms since the epoch. */
export const LAST_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The time that was asked for last: several of a memory's are the same, and so are those of what was stored together. */
let last = { ms: 0, text: '1970-01-01T00:00:00.000Z' };

/** ISO 8601. What is no time, as another program may leave it, is shown as such: one bad row hides no other. @param ms since the epoch */
export function isoTime(ms: number): string {
  if (ms !== last.ms) last = { ms, text: textOf(ms) };
  return last.text;
}

function textOf(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? `no time (${ms})` : time.toISOString();
}

/** The same; null where there is none. */
export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}

/** Throws `invalid_input` for what lies beyond the year 9999, before 1970, or is no number. @param ms since the epoch */
export function checkTime(what: string, ms: number): void {
  if (ms >= 0 && ms <= LAST_TIME) return;
  throw new MemoryError('invalid_input', `${what} is no time: ${ms}.`, 'Give one before the year 10000.');
}
