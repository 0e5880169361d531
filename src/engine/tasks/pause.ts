import type { RetryPolicy } from '../model/task.ts';

/**
 * How long a task waits after a failure.
 * @param failures before this one
 * @param jitter in [0, 1)
 * @returns whole milliseconds in [0, min(capMs, baseMs × factor^failures)]
 */
export function pauseMs({ baseMs, factor, capMs }: RetryPolicy, failures: number, jitter: number): number {
  // Nothing times infinity would be no number.
  const longest = baseMs === 0 ? 0 : Math.min(capMs, baseMs * factor ** failures);
  return Math.floor(jitter * longest);
}
