import { MemoryError } from '../errors.ts';
import type { CacheCodec } from '../ports/cacheCodec.ts';
import type { GuardedCache } from './guardedCache.ts';

/** Of the store; among the caches that tools reach there is none of this name. */
export const ANSWERED = 'answered';
/** A process that died at its work keeps others waiting for so long at most, ms. */
const CLAIM_MS = 3_000;
/** Whoever works says so again this often, ms. */
const RENEW_MS = 1_000;
/** The store is asked by who has to know, so it may take longer than a cache, ms. */
const DEADLINE_MS = 2_000;
const SHORTEST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;

export interface Once<T> {
  /** 1..500 characters. */
  readonly key: string;
  /** Names this call among those of all processes. */
  readonly holder: string;
  readonly keepMs: number;
  readonly signal: AbortSignal;
  work(): Promise<T>;
  /** Whether others are answered the same; else the next one works anew. */
  keeps(answer: T): boolean;
}

/**
 * Works once for all who come with the same key: at the same time, later, in other processes, after a restart. Whoever comes while another is at
 * it waits for its answer. Unlike a cache it never works without having asked: rejects with `unavailable` when the store does not answer,
 * and with the signal's reason.
 */
export async function answeredOnce<T>(guarded: GuardedCache, codec: CacheCodec, once: Once<T>): Promise<T> {
  const { holder, keepMs, key, signal } = once;
  const claim = () => guarded.demand(store => store.claim(ANSWERED, key, holder, CLAIM_MS, []), DEADLINE_MS);
  const find = async () => {
    const bytes = await guarded.demand(store => store.get(ANSWERED, key), DEADLINE_MS);
    return bytes && { answer: (await codec.decode(bytes)) as T };
  };
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    const found = await find();
    if (found) return found.answer;
    if (await claim()) break;
    await new Promise(resolve => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
  const release = () => guarded.attempt(store => store.release(ANSWERED, key, holder), undefined);
  // Another may have answered after it was looked for and before it was claimed.
  const found = await find().catch(async error => {
    await release();
    throw error;
  });
  if (found) {
    await release();
    return found.answer;
  }
  const renewal = setInterval(() => void claim().catch(() => {}), RENEW_MS);
  let kept = false;
  try {
    const answer = await once.work();
    if (once.keeps(answer)) {
      const bytes = await codec.encode(answer);
      kept = await guarded.attempt(
        store => store.put(ANSWERED, key, bytes, { ttlMs: keepMs, claim: holder }),
        false,
      );
    }
    return answer;
  } finally {
    clearInterval(renewal);
    if (!kept) await release();
  }
}

export function nowhereToKeep(): MemoryError {
  return new MemoryError(
    'unavailable',
    'The caches are switched off, so no answer can be kept. Nothing was done.',
    'Leave the Idempotency-Key out, or switch cache.enabled on.',
  );
}
