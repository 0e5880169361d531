import type { Priority } from '../model/memory.ts';

const DAY_MS = 86_400_000;

/** Days that each priority is kept when the caller gives no time to live; null: for ever. */
export type Retention = Readonly<Record<Priority, number | null>>;

export const DEFAULT_RETENTION: Retention = {
  critical: null,
  high: 365,
  medium: 90,
  low: 7,
  archive: null,
};

/**
 * When a memory expires.
 *
 * @param now milliseconds since the epoch
 * @param ttlSeconds asked for by the caller, > 0; wins over the priority, except that `critical` never expires
 * @returns milliseconds since the epoch, or null for never
 */
export function expiryOf(
  priority: Priority,
  now: number,
  retention: Retention,
  ttlSeconds?: number,
): number | null {
  if (priority === 'critical') return null;
  if (ttlSeconds !== undefined) return now + ttlSeconds * 1000;
  const days = retention[priority];
  return days === null ? null : now + days * DAY_MS;
}
