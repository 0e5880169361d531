/** A lease that was granted. `fence` rises with every new holder, so that a stale holder can be refused. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly fence: number;
  readonly expiresAt: number;
}

/** Named leases in the store: who does the housekeeping. Time is the store's. */
export interface LeaseStore {
  /**
   * Takes or renews the lease for `ttlMs`, of which all who ask for the name have about the same; undefined when another holder
   * has it.
   */
  acquire(name: string, holder: string, ttlMs: number): Promise<Lease | undefined>;
  /** Gives it back; nothing happens when it is not held any more. */
  release(name: string, holder: string): Promise<void>;
}
