/** Files of a workspace that one agent works on. */
export interface FileClaim {
  readonly id: string;
  readonly namespace: string;
  /** Globs relative to the repository's root, with forward slashes, such as `src/engine/**`. */
  readonly globs: readonly string[];
  /** Id of the agent, and of its principal. */
  readonly agent: string;
  readonly owner: string;
  readonly note: string;
  /** Rises with every claim of the namespace; an older one is refused. */
  readonly fence: number;
  readonly claimedAt: number;
  readonly until: number;
}

/** What is claimed with; the rest is the store's. */
export type NewFileClaim = Omit<FileClaim, 'fence' | 'claimedAt' | 'until'>;

/** Granted, or the live claims of other agents that it overlaps with. */
export type ClaimOutcome = { readonly granted: FileClaim } | { readonly held: readonly FileClaim[] };

/** Whether two lists of globs may name one file. */
export type Overlaps = (a: readonly string[], b: readonly string[]) => boolean;

export interface FileLease {
  readonly namespace: string;
  readonly id: string;
  readonly fence: number;
  readonly agent: string;
}

/**
 * Who works on which files, so that agents keep out of each other's way. Time is the store's; a claim ends by itself unless it is renewed.
 * Changes are told as the event `files`. Methods reject with `unavailable` when the store does not answer in time.
 */
export interface FileClaimStore {
  /**
   * Grants it, or tells what is in its way; then nothing is claimed. Rejects with `conflict` for an id that another agent's live claim has.
   * @param ttlMs from now
   * @param overlaps asked for each live claim
   */
  claim(claim: NewFileClaim, ttlMs: number, overlaps: Overlaps): Promise<ClaimOutcome>;

  /** Rejects with `stale_lease` where it ended or is another's. @returns the claim with its new end */
  renew(lease: FileLease, ttlMs: number): Promise<FileClaim>;
  /** Rejects with `stale_lease` as `renew` does. */
  release(lease: FileLease): Promise<void>;
  /** @returns how many */
  releaseAll(namespace: string, agent: string): Promise<number>;
  /** Live ones, oldest first. */
  list(namespaces: readonly string[] | undefined): Promise<readonly FileClaim[]>;
}
