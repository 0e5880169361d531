import type { Clock } from '../ports/clock.ts';
import type { MemoryStore } from '../ports/memoryStore.ts';

/** Memories a transaction. */
const BATCH = 500;

/** Removes the memories whose time is over, until none is left or the signal fires. Several may do it at once. @returns how many */
export async function expireAll(
  memories: Pick<MemoryStore, 'expire'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  let total = 0;
  while (!signal.aborted) {
    const expired = await memories.expire(clock.now(), BATCH);
    total += expired;
    if (expired < BATCH) break;
  }
  return total;
}
