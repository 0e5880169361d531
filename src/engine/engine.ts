import type { Agents } from './agents/agents.ts';
import type { FileClaims } from './agents/fileClaims.ts';
import type { Anchors } from './anchors/anchors.ts';
import type { Caches } from './caches/caches.ts';
import type { Contexts } from './contexts/contexts.ts';
import type { Feed } from './events/feed.ts';
import type { Handoffs } from './handoff/handoff.ts';
import type { Devices } from './health/devices.ts';
import type { Health } from './health/health.ts';
import type { Latency } from './health/latencies.ts';
import type { MemoryMaps } from './map/memoryMaps.ts';
import type { Memories } from './memories/memories.ts';
import type { Caller } from './model/caller.ts';
import type { Operation } from './model/operation.ts';
import type { EmbedderState } from './ports/embedder.ts';
import type { JobQueue } from './ports/jobQueue.ts';
import type { SearchPlace } from './ports/memoryIndex.ts';
import type { MemoryCounts, MemoryFilter, MemoryTrend, TrendDays } from './ports/memoryStore.ts';
import type { OperationFilter } from './ports/operationLog.ts';
import type { Records } from './ports/records.ts';
import type { StoreReport } from './ports/store.ts';
import type { Recall, RecallMode } from './recall/recall.ts';
import type { Reviews } from './review/reviews.ts';
import type { Tasks } from './tasks/tasks.ts';
import type { Tokens } from './tokens/tokens.ts';
import type { Transfer } from './transfer.ts';
import type { Upkeep } from './upkeep.ts';

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
  /** How long questions took in this process, as a whole, and their vectors of that. */
  readonly latency: { readonly search: Latency; readonly embedding: Latency };
  /** Where memories are searched, and why there. */
  readonly search: SearchPlace;
  /** This process does the housekeeping. */
  readonly leader: boolean;
}

/** How far memories can be found by meaning. */
export interface EmbeddedCounts {
  /** They have their vector of the model that is configured. */
  readonly indexed: number;
  /** They will get one. */
  readonly pending: number;
  /** The model refused their text when this process asked. */
  readonly refused: number;
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
  /** Where memories lie by meaning, in a plane. */
  readonly maps: MemoryMaps;
  readonly reviews: Reviews;
  /** What keeps the memory in good order. */
  readonly upkeep: Upkeep;
  /** Whether the code that memories speak of is still what it was. */
  readonly anchors: Anchors;
  readonly transfer: Transfer;
  /** What is shared beside memories; disposed with the engine. */
  readonly records: Records;
  /** Who may come over the network. */
  readonly tokens: Tokens;
  /** How agents work together: who is here, what is to be done, who works on which files, what is shared, what happens. */
  readonly agents: Agents;
  readonly tasks: Tasks;
  readonly files: FileClaims;
  readonly contexts: Contexts;
  readonly handoffs: Handoffs;
  readonly feed: Feed;
  /** What is kept for a while, for this program and the services beside it; disposed with the engine. */
  readonly caches: Caches;
  /** What a worker does by itself; disposed with the engine. */
  readonly jobs: JobQueue;
  /** What this machine computes on. */
  readonly devices: Devices;
  /** Whether all works, by using it. */
  readonly health: Health;

  counts(filter: MemoryFilter, caller: Caller): Promise<MemoryCounts>;

  /** Of those that match and that the caller may see, without expired ones; without a model all are 0. */
  embedded(filter: MemoryFilter, caller: Caller): Promise<EmbeddedCounts>;

  trend(filter: MemoryFilter, days: TrendDays, caller: Caller): Promise<MemoryTrend>;

  /**
   * What whoever asks must know beside the answer, such as that this machine is offline, without what waits in namespaces that the caller may
   * not see; undefined when all is well.
   */
  notice(caller: Caller): Promise<string | undefined>;

  status(options?: { readonly integrity?: boolean }): Promise<EngineStatus>;

  /** Of the UTF-8 bytes, 64 lower-case hex digits: by it the embedding of a text is known. */
  sha256(text: string): string;

  /** Newest first. */
  operations(limit: number, caller: Caller, of?: OperationFilter): Promise<readonly Operation[]>;

  /** Calls back within 250 ms after any process changed the store. */
  watch(onChange: () => void): Disposable;

  /** Compares the index with the store and repairs it. */
  verifyIndex(): Promise<VerifyReport>;

  /** Removes our search indexes from the central Redis; no memory goes. @returns their names. Rejects with `invalid_input` where there is none */
  dropSearchIndexes(): Promise<readonly string[]>;

  /** Saves what makes the next start warm; housekeeping does it by itself now and then. */
  saveIndex(): Promise<void>;

  /** Waits until every memory has its vector, but those that the model refuses, or the signal fires. */
  settled(signal: AbortSignal): Promise<void>;

  /** Removes the memories whose time is over, of all namespaces; housekeeping does it now and then. @returns how many */
  expire(signal: AbortSignal): Promise<number>;

  /** A consistent copy of this machine's store in a new file. Rejects with `conflict` when the file exists. */
  backup(path: string): Promise<void>;
}
