import type { NewMemory } from '../ports/memoryStore.ts';

/** What a caller gives to be remembered; everything but the content has a default. */
export type Draft = {
  readonly content: string;
  readonly namespace?: string | undefined;
  readonly ttlSeconds?: number | undefined;
  readonly createdAt?: number | undefined;
  /** ms, null: never; wins over the priority and `ttlSeconds`. */
  readonly expiresAt?: number | null | undefined;
} & {
  readonly [K in keyof Omit<
    NewMemory,
    'content' | 'namespace' | 'createdAt' | 'contentHash' | 'expiresAt' | 'restored'
  >]?: NewMemory[K] | undefined;
};

export interface UpdateOptions {
  /** Refuse with `conflict` when the memory is no longer this version. */
  readonly expectedVersion?: number | undefined;
  readonly ttlSeconds?: number | undefined;
}
