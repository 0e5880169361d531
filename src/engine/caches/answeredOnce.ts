import { MemoryError } from '../errors.ts';
import type { CacheCodec } from '../ports/cacheCodec.ts';
import type { PutOptions } from '../ports/cacheStore.ts';
import type { GuardedCache } from './guardedCache.ts';

/** Of the store; among the caches that tools reach there is none of this name. */
export const ANSWERED = 'answered';
/** Before a key: somebody is at it, or died at it. */
const BEGUN = 'begun:';
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
  /** Working twice is as good as once: where a process died at its work, the next one may do it. */
  readonly repeatable: boolean;
  work(): Promise<T>;
  /** Whether others are answered the same; else the next one works anew. */
  keeps(answer: T): boolean;
}

/**
 * Works once for all who come with the same key: at the same time, later, in other processes, after a restart. Whoever comes while another is at
 * it waits for its answer. Unlike a cache it never works without having asked: rejects with `unavailable` when the store does not answer,
 * with `conflict` where a process died at what is not repeatable, and with the signal's reason.
 */
export async function answeredOnce<T>(guarded: GuardedCache, codec: CacheCodec, once: Once<T>): Promise<T> {
  const { holder, keepMs, key, repeatable, signal } = once;
  const claim = () => guarded.demand(store => store.claim(ANSWERED, key, holder, CLAIM_MS, []), DEADLINE_MS);
  const release = () => guarded.attempt(store => store.release(ANSWERED, key, holder), undefined);
  const find = async (name: string) => {
    const bytes = await guarded.demand(store => store.get(ANSWERED, name), DEADLINE_MS);
    return bytes && { value: await codec.decode(bytes) };
  };
  const put = async (name: string, value: unknown, options: PutOptions) => {
    const bytes = await codec.encode(value);
    return guarded.demand(store => store.put(ANSWERED, name, bytes, options), DEADLINE_MS);
  };
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    const found = await find(key);
    if (found) return found.value as T;
    if (await claim()) break;
    await new Promise(resolve => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
  const renewal = setInterval(() => void claim().catch(() => {}), RENEW_MS);
  let kept = false;
  try {
    // Another may have answered after it was looked for and before it was claimed.
    const found = await find(key);
    if (found) return found.value as T;
    const begun = `${BEGUN}${key}`;
    if (!repeatable && (await find(begun))?.value) throw nobodyKnows();
    const work = async () => {
      if (!repeatable) await put(begun, true, { ttlMs: keepMs });
      return once.work();
    };
    const ended = () => (repeatable ? undefined : put(begun, false, { ttlMs: 1 }).catch(() => {}));
    const answer = await work().catch(async error => {
      await ended();
      throw error;
    });
    const keeps = once.keeps(answer);
    if (keeps) kept = await put(key, answer, { ttlMs: keepMs, claim: holder }).catch(() => false);
    // Done, and nobody could be told the answer again: that it was begun stays.
    if (kept || !keeps) await ended();
    return answer;
  } finally {
    clearInterval(renewal);
    // Others need not wait for what will not come.
    if (!kept) await release();
  }
}

function nobodyKnows(): MemoryError {
  return new MemoryError(
    'conflict',
    'A server ended while it worked on a request with this key, or could not keep its answer: nobody knows whether the change was made.',
    'Look whether it was; if not, send it with a new key.',
  );
}

export function nowhereToKeep(): MemoryError {
  return new MemoryError(
    'unavailable',
    'The caches are switched off, so no answer can be kept. Nothing was done.',
    'Leave the Idempotency-Key out, or switch cache.enabled on.',
  );
}
