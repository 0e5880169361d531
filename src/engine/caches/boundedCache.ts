/** Who goes first when there is no room: the least recently used, the least often used, or the next to expire. */
export type Eviction = 'lru' | 'lfu' | 'ttl';

/** Full, it is emptied to this share, so that not every addition has to choose. */
const KEPT_SHARE = 0.9;

interface Entry<T> {
  readonly value: T;
  readonly bytes: number;
  readonly label: string;
  /** ms since the epoch. */
  readonly until: number;
  uses: number;
}

export interface BoundedCacheOptions {
  /** Of the entries, as they were given; 0 keeps nothing. */
  readonly maxBytes: number;
  readonly eviction: Eviction;
}

export interface InProcessStatistics {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
}

/** A cache of this process alone, of bounded size. */
export class BoundedCache<T> {
  readonly #options: BoundedCacheOptions;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry<T>>();
  #bytes = 0;
  #hits = 0;
  #misses = 0;

  constructor(options: BoundedCacheOptions) {
    this.#options = options;
  }

  get statistics(): InProcessStatistics {
    return { entries: this.#entries.size, bytes: this.#bytes, hits: this.#hits, misses: this.#misses };
  }

  /**
   * @param now ms since the epoch
   * @param accepts an entry that it refuses counts as missing, and goes
   */
  get(key: string, now: number, accepts: (value: T) => boolean = () => true): T | undefined {
    const entry = this.#entries.get(key);
    if (entry) this.#drop(key);
    if (!entry || entry.until <= now || !accepts(entry.value)) {
      this.#misses += 1;
      return undefined;
    }
    this.#hits += 1;
    entry.uses += 1;
    this.#add(key, entry);
    return entry.value;
  }

  /**
   * @param bytes what it takes, about
   * @param label what a pattern of `forget` is compared with; default: the key
   */
  set(key: string, value: T, bytes: number, until: number, label = key): void {
    this.#drop(key);
    if (bytes > this.#options.maxBytes) return;
    if (this.#bytes + bytes > this.#options.maxBytes) this.#makeRoom(bytes);
    this.#add(key, { value, bytes, until, label, uses: 1 });
  }

  /** @returns how many entries went */
  forget(matches: (label: string, key: string) => boolean): number {
    const gone = [...this.#entries].filter(([key, { label }]) => matches(label, key));
    for (const [key] of gone) this.#drop(key);
    return gone.length;
  }

  #makeRoom(bytes: number): void {
    const { eviction, maxBytes } = this.#options;
    const order = [...this.#entries];
    if (eviction === 'lfu') order.sort(([, a], [, b]) => a.uses - b.uses);
    if (eviction === 'ttl') order.sort(([, a], [, b]) => a.until - b.until);
    const wanted = Math.min(maxBytes * KEPT_SHARE, maxBytes - bytes);
    for (const [key] of order) {
      if (this.#bytes <= wanted) break;
      this.#drop(key);
    }
    // What was used often long ago gives way at last.
    for (const entry of this.#entries.values()) entry.uses /= 2;
  }

  #add(key: string, entry: Entry<T>): void {
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}
