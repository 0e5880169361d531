import type { Memories } from './memories/memories.ts';
import type { Caller } from './model/caller.ts';
import type { Operation } from './model/operation.ts';
import type { EmbedderState } from './ports/embedder.ts';
import type { MemoryCounts, MemoryFilter } from './ports/memoryStore.ts';
import type { OperationFilter } from './ports/operationLog.ts';
import type { StoreReport } from './ports/store.ts';
import type { Recall, RecallMode } from './recall/recall.ts';
import type { Transfer } from './transfer.ts';

/** The state of everything a memory needs. */
export interface EngineStatus {
  readonly mode: RecallMode;
  /** Why recall is lexical, and what to do; absent when it is hybrid. */
  readonly problem?: string;
  readonly store: StoreReport;
  readonly embedding: {
    /** null: switched off by setting. */
    readonly model: string | null;
    readonly state: EmbedderState;
    /** false: this process has not used the model yet, and cannot know whether it works. */
    readonly tried: boolean;
    /** Memories that have no vector yet and will get one. */
    readonly pending: number;
    /** Memories whose text the model refused when this process asked: found by words, and asked again when they change. */
    readonly refused: number;
    readonly indexed: number;
  };
  /** This process does the housekeeping. */
  readonly leader: boolean;
}

export interface VerifyReport {
  readonly checked: number;
  /** What the index had wrong; it has been rebuilt when this is not empty. */
  readonly repaired: readonly string[];
}

/** The memory of a process: what every surface works with, through the tools. */
export interface Engine extends AsyncDisposable {
  readonly memories: Memories;
  readonly recall: Recall;
  readonly transfer: Transfer;

  counts(filter: MemoryFilter, caller: Caller): Promise<MemoryCounts>;

  /** What whoever asks must know beside the answer, such as that this machine is offline; undefined when all is well. */
  notice(): Promise<string | undefined>;

  status(options?: { readonly integrity?: boolean }): Promise<EngineStatus>;

  /** Newest first. */
  operations(limit: number, caller: Caller, of?: OperationFilter): Promise<readonly Operation[]>;

  /** Calls back within 250 ms after any process changed the store. */
  watch(onChange: () => void): Disposable;

  /** Compares the index with the store and repairs it. */
  verifyIndex(): Promise<VerifyReport>;

  /** Saves what makes the next start warm; housekeeping does it by itself now and then. */
  saveIndex(): Promise<void>;

  /** Waits until every memory has its vector, but those that the model refuses, or the signal fires. */
  settled(signal: AbortSignal): Promise<void>;

  backup(path: string): Promise<void>;
}
