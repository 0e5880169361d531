/** Keeps caches that may vanish at any time, such as the search index of a warm start. */
export interface SnapshotStore {
  /** undefined when there is none, or it cannot be read. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Replaces it atomically: a reader sees the old or the new bytes, never a part. */
  write(name: string, bytes: Uint8Array): Promise<void>;
}
