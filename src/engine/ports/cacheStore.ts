/** Which entries; each condition that is given must hold. */
export interface CacheFilter {
  readonly cache?: string;
  /** Of the key; `*` stands for anything, every other character for itself. */
  readonly pattern?: string;
  /** What the entry was made from, such as the hash of a file. */
  readonly tag?: string;
}

export interface PutOptions {
  /** From now; > 0. */
  readonly ttlMs: number;
  /** What it was made from; default nothing. */
  readonly tags?: readonly string[];
  /** Stores only while this holder has the claim, and ends it: what was forgotten while it was computed is not stored. */
  readonly claim?: string;
}

export interface CacheTally {
  readonly entries: number;
  readonly hits: number;
  readonly misses: number;
}

/** Of one server or file; what it does not count is absent. */
export interface CacheServer {
  /** Where it is, without secrets. */
  readonly location: string;
  readonly usedBytes: number;
  /** 0: without a limit. */
  readonly maxBytes: number;
  readonly commands?: number;
  readonly clients?: number;
  /** What it drops when it is full. */
  readonly eviction: string;
}

/**
 * Where the processes and machines that share a cache keep it: bytes by cache and key, for a while. Anything may be gone at any time.
 * Names of caches are lower-case letters and `_`; keys and tags are 1..500 characters. Methods reject with `invalid_input` for others, and with
 * `unavailable` when the store does not answer.
 */
export interface CacheStore extends AsyncDisposable {
  /** @param extendMs it lives so long from now */
  get(cache: string, key: string, extendMs?: number): Promise<Uint8Array | undefined>;

  /** Adds or replaces. @returns false when the claim was lost, and nothing was stored */
  put(cache: string, key: string, value: Uint8Array, options: PutOptions): Promise<boolean>;

  /**
   * For whoever is about to compute an entry, so that others wait. Again by the same holder: it lasts so long from now.
   * @param tags of the entry to be: forgetting them ends the claim
   * @returns false while another has it
   */
  claim(cache: string, key: string, holder: string, ttlMs: number, tags: readonly string[]): Promise<boolean>;

  /** Ends the holder's claim, if it has it. */
  release(cache: string, key: string, holder: string): Promise<void>;

  /** Adds to a list, and drops its oldest items beyond `most`. @returns how many items it has */
  append(cache: string, key: string, item: Uint8Array, ttlMs: number, most: number): Promise<number>;

  /** The newest items of a list, oldest first; empty when there is none. */
  items(cache: string, key: string, limit: number): Promise<readonly Uint8Array[]>;

  /** Forgets what matches, with the claims on it. @returns how many entries were forgotten */
  forget(of: CacheFilter): Promise<number>;

  /** Adds to what `tallies` tells of a cache. */
  count(cache: string, hits: number, misses: number): Promise<void>;

  /** By cache, of those that have an entry or were asked. */
  tallies(): Promise<ReadonlyMap<string, CacheTally>>;

  servers(): Promise<readonly CacheServer[]>;
}
