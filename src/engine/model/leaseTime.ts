import { MemoryError } from '../errors.ts';

const LEAST_MS = 1000;
const MOST_MS = 24 * 3_600_000;

/**
 * How long a task, or files, may be held without a renewal. Throws `invalid_input` for another time.
 * @param what is asked for @returns the same
 */
export function checkLeaseMs(ms: number, what = 'lease'): number {
  if (ms >= LEAST_MS && ms <= MOST_MS) return ms;
  throw new MemoryError(
    'invalid_input',
    `A ${what} of ${ms / 1000} s is asked for.`,
    'Ask for 1 second to 24 hours.',
  );
}
