import { z } from 'zod';
import { readTime } from '../../../engine/longTerm/clientTime.ts';

/** The years 1 to 9999, which Python knows. */
const FIRST = Date.UTC(2000, 0, 1) - 63_082_281_600_000;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Milliseconds since the epoch. */
export const time = z.unknown().transform((value, context) => {
  const ms = readTime(value);
  if (ms !== undefined && ms >= FIRST && ms <= LAST) return ms;
  context.addIssue({ code: 'custom', message: 'Input should be a valid datetime' });
  return z.NEVER;
});
