import { z } from 'zod';
import { CACHE_NAMES, type CacheName } from '../../engine/caches/cacheNames.ts';
import type { Caller } from '../../engine/model/caller.ts';

/** Input fields of the tools on caches. */
export const key = z.string().min(1).max(300);

/** Conversations are lists, with tools of their own. */
export const cache = z.enum(CACHE_NAMES).exclude(['conversations']);

/** The key as the caches have it: a session is its principal's own, everything else is shared by all who may call. */
export function keyFor(cache: CacheName, key: string, { principal }: Caller): string {
  return cache === 'sessions' ? `${principal.id}:${key}` : key;
}
