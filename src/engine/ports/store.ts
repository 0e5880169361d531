import type { EmbeddingStore } from './embeddingStore.ts';
import type { IndexSource } from './indexSource.ts';
import type { LeaseStore } from './leaseStore.ts';
import type { MemoryStore } from './memoryStore.ts';
import type { OperationLog } from './operationLog.ts';
import type { Records } from './records.ts';
import type { ServerSearch } from './serverSearch.ts';
import type { Work } from './work.ts';

/** What the store says of itself, for status and doctor. */
export interface StoreReport {
  /** Such as `node:sqlite` or `libsql`. */
  readonly driver: string;
  /** Where it is, without secrets. */
  readonly location: string;
  readonly schemaVersion: number;
  readonly bytes: number;
  /** Identifies the store across renames; caches on disk name it. */
  readonly storeId: string;
  readonly central?: CentralStatus;
  /** Why sensitive memories cannot be decrypted, and so are as if they were not there; absent when they can. */
  readonly locked?: string;
  /** Problems found by the integrity check, when it was asked for; empty when sound. */
  readonly problems: readonly string[];
}

/** How this machine stands to the memory that all share. */
export interface CentralStatus {
  /** Without secrets. */
  readonly location: string;
  /** Why it is out of reach; absent while it answers. */
  readonly problem?: string;
  /** What to do about that. */
  readonly fix?: string;
  /** It did not take the user or the password. */
  readonly refused?: boolean;
  /** Changes of this machine that are not there yet. */
  readonly waiting: number;
}

/** One store family: all ports on one database. */
export interface Store extends AsyncDisposable {
  readonly memories: MemoryStore;
  readonly operations: OperationLog;
  readonly index: IndexSource;
  readonly embeddings: EmbeddingStore;
  readonly leases: LeaseStore;
  /** What is shared beside memories; disposed with the store. */
  readonly records: Records;
  /** How agents work together. */
  readonly work: Work;
  /** undefined for a store that is this machine's own. */
  readonly central?: () => Promise<CentralStatus>;
  /** The time, ms, as all have it who share the store; rejects with `unavailable` while it is out of reach. undefined for this machine's own. */
  readonly time?: () => Promise<number>;
  /** Searches in the central Redis; undefined for a store that is this machine's own. */
  readonly search?: ServerSearch;
  report(options?: { readonly integrity?: boolean }): Promise<StoreReport>;
  /** A consistent copy of the whole store in a new file. Rejects with `conflict` when the file exists. */
  backup(path: string): Promise<void>;
}
