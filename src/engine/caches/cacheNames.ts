const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Which service of a development stack uses a cache; where databases are numbered, each has one of its own. */
export type CacheOwner = 'worker' | 'retrieval' | 'agents';

export interface CachePolicy {
  readonly owner: CacheOwner;
  /** How long an entry is good for. */
  readonly ttlMs: number;
  /** Each use makes it live so long again. */
  readonly extends?: boolean;
}

/** Every cache, and how long it keeps what it has where the settings say nothing else. */
export const CACHES = {
  /** Answers to searches. */
  responses: { owner: 'retrieval', ttlMs: HOUR_MS },
  /** What was put together for a prompt. */
  context_bundles: { owner: 'retrieval', ttlMs: HOUR_MS },
  /** What is known of models. */
  models: { owner: 'worker', ttlMs: DAY_MS },
  /** Vectors by what they were computed of. */
  embeddings: { owner: 'worker', ttlMs: 30 * DAY_MS },
  /** What was made of files, by their hash. */
  processing_results: { owner: 'worker', ttlMs: DAY_MS },
  /** What agents and people said, newest last. */
  conversations: { owner: 'agents', ttlMs: 30 * DAY_MS },
  /** What a session is about, for whoever has it. */
  sessions: { owner: 'agents', ttlMs: 30 * MINUTE_MS, extends: true },
} as const satisfies Readonly<Record<string, CachePolicy>>;

export type CacheName = keyof typeof CACHES;

export const CACHE_NAMES = Object.keys(CACHES) as readonly CacheName[] as readonly [
  CacheName,
  ...CacheName[],
];

/** Numbered databases, where they are wanted. */
export const CACHE_DATABASES: Readonly<Record<CacheOwner, number>> = { worker: 0, retrieval: 1, agents: 2 };
