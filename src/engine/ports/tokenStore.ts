import type { Rights } from '../model/rights.ts';

/** A token as it is kept: whoever reads it learns nothing that opens anything. */
export interface NewToken {
  /** Stands in the token itself; 12 hex digits. */
  readonly id: string;
  /** Whoever sends it: the same for tokens that follow each other. */
  readonly name: string;
  /** SHA-256 of its secret, 64 hex digits. */
  readonly hash: string;
  readonly rights: Rights;
  /** ms since the epoch */
  readonly createdAt: number;
  /** From then on it is no more; null: never. */
  readonly expiresAt: number | null;
}

export interface TokenRecord extends NewToken {
  /** Within an hour; null: not yet. */
  readonly usedAt: number | null;
}

/**
 * Who may come over the network. All instances on a store share it; what has expired stays until it is removed.
 * Methods reject with `unavailable` when the store does not answer in time.
 * @see docs/redis-schema.md
 */
export interface TokenStore {
  /** Rejects with `conflict` when the id is taken. */
  add(token: NewToken): Promise<void>;
  get(id: string): Promise<TokenRecord | undefined>;
  /** By name, the oldest of each first. */
  list(): Promise<readonly TokenRecord[]>;
  /** It expires then, unless it does sooner. @returns false where there is none */
  expire(id: string, at: number): Promise<boolean>;
  /** @returns false where there is none */
  remove(id: string): Promise<boolean>;
  /** It was used; of several times the last stands. Brings back none that was removed. */
  used(id: string, at: number): Promise<void>;
}
