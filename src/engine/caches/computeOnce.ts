import type { GuardedCache } from './guardedCache.ts';

/** A process that died while it computed keeps others waiting for so long at most, ms. */
export const CLAIM_MS = 3_000;
/** Whoever computes says so again this often, ms. */
const RENEW_MS = 1_000;
/** Nobody waits longer for another's result, ms. */
const WAIT_MS = 30_000;
const SHORTEST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;

/** One entry that several processes may want at once. */
export interface WantedEntry<T> {
  readonly cache: string;
  readonly key: string;
  readonly tags: readonly string[];
  /** Names this call among those of all processes. */
  readonly holder: string;
  /** @returns undefined where it is not there yet */
  find(): Promise<{ readonly value: T } | undefined>;
  compute(): Promise<T>;
  /** Stores what was computed, and ends the claim. @returns false when it could not */
  store(value: T): Promise<boolean>;
}

/**
 * Computes an entry that is missing, unless another process is at it: then its result is waited for. Where the cache is out of reach,
 * or the wait too long, it is computed here and not stored.
 */
export async function computeOnce<T>(guarded: GuardedCache, wanted: WantedEntry<T>): Promise<T> {
  const { cache, holder, key, tags } = wanted;
  const claim = () => guarded.attempt(store => store.claim(cache, key, holder, CLAIM_MS, tags), undefined);
  const began = performance.now();
  let claimed = await claim();
  for (let pause = SHORTEST_PAUSE_MS; claimed === false; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    if (performance.now() - began > WAIT_MS) return wanted.compute();
    await new Promise(resolve => setTimeout(resolve, pause * (0.5 + Math.random())));
    const found = await wanted.find();
    if (found) return found.value;
    claimed = await claim();
  }
  if (claimed === undefined) return wanted.compute();
  const release = () => guarded.attempt(store => store.release(cache, key, holder), undefined);
  // Another may have stored it after it was looked for and before it was claimed.
  const found = await wanted.find();
  if (found) {
    await release();
    return found.value;
  }
  const renewal = setInterval(() => void claim(), RENEW_MS);
  let stored = false;
  try {
    const value = await wanted.compute();
    stored = await wanted.store(value);
    return value;
  } finally {
    clearInterval(renewal);
    // Others need not wait for what will not come.
    if (!stored) await release();
  }
}
