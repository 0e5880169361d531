/** Keeps caches that may vanish at any time, such as the search index of a warm start. */
export interface SnapshotStore {
  /** undefined when there is none, or it is damaged: a checksum guards every byte. */
  read(name: string): Promise<Uint8Array | undefined>;
  /**
   * Replaces it atomically: a reader sees the old or the new bytes, never a part.
   * @param parts written one after another
   * @param options.sealed encrypted, since sensitive memories left their traces in it
   */
  write(name: string, parts: readonly Uint8Array[], options: { readonly sealed: boolean }): Promise<void>;
  /** Removes all that is not encrypted, begun or whole. @returns whether there was any */
  removeOpen(): Promise<boolean>;
}
