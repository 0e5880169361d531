import { MemoryError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { MemoryStore } from '../ports/memoryStore.ts';
import type { Store } from '../ports/store.ts';

/** Memories a transaction. */
const BATCH = 500;

/**
 * Removes the memories whose time is over, until none is left or the signal fires. Several may do it at once. Where machines share them it is
 * over by the clock that they share, and nothing goes while that cannot be asked: one machine's clock may be wrong. @returns how many
 */
export async function expireAll(
  { memories, time }: Pick<Store, 'time'> & { readonly memories: Pick<MemoryStore, 'expire'> },
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  let total = 0;
  while (!signal.aborted) {
    const now = time ? await time().catch(ifAway) : clock.now();
    if (now === undefined) break;
    const expired = await memories.expire(now, BATCH);
    total += expired;
    if (expired < BATCH) break;
  }
  return total;
}

function ifAway(error: unknown): undefined {
  if (!MemoryError.is(error, 'unavailable')) throw error;
}
