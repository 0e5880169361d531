import type { EmbeddingStore } from './embeddingStore.ts';
import type { IndexSource } from './indexSource.ts';
import type { LeaseStore } from './leaseStore.ts';
import type { MemoryStore } from './memoryStore.ts';
import type { OperationLog } from './operationLog.ts';

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
  /** undefined for a store that is this machine's own. */
  readonly central?: () => Promise<CentralStatus>;
  report(options?: { readonly integrity?: boolean }): Promise<StoreReport>;
  /** A consistent copy of the whole store in a new file. Rejects with `conflict` when the file exists. */
  backup(path: string): Promise<void>;
}
