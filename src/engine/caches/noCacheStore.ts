import type { CacheStore } from '../ports/cacheStore.ts';

/** Where caches are switched off: nothing is kept, and everybody computes. */
export const noCacheStore: CacheStore = {
  get: async () => undefined,
  put: async () => false,
  claim: async () => true,
  release: async () => {},
  append: async () => 0,
  items: async () => [],
  forget: async () => 0,
  count: async () => {},
  tallies: async () => new Map(),
  servers: async () => [],
  [Symbol.asyncDispose]: async () => {},
};
