import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from './connectRedis.ts';

/** How long one question waits for news; shorter than the time after which routers forget a quiet connection. */
export const BLOCK_MS = 10_000;
/** Between two attempts while Redis is out of reach. */
const RETRY_MS = 200;
const BATCH = 1000;

export type StreamEntry = readonly [id: string, fields: readonly string[]];

/**
 * Waits for entries after an id, on a connection of its own whose deadline is longer than `BLOCK_MS`.
 * @param blockMs how long it waits for news; default `BLOCK_MS`
 * @returns none when none came; undefined, after a pause, when the connection was lost or the signal fired
 */
export async function readStream(
  client: RedisClient,
  stream: string,
  after: string,
  signal: AbortSignal,
  blockMs = BLOCK_MS,
): Promise<readonly StreamEntry[] | undefined> {
  try {
    if (client.status === 'wait') await client.connect();
    const found = await client.xread('COUNT', BATCH, 'BLOCK', blockMs, 'STREAMS', stream, after);
    return found?.[0]?.[1] ?? [];
  } catch {
    if (signal.aborted) return undefined;
    // A connection that gives no answer is made anew: nothing else would notice that it is dead.
    if (client.status === 'ready') client.disconnect(true);
    await sleep(RETRY_MS, undefined, { signal, ref: false }).catch(() => {});
    return undefined;
  }
}
