import type { EmbeddingRecords } from './embeddingRecords.ts';
import type { EventBus } from './eventBus.ts';
import type { LearningQueue } from './learningQueue.ts';
import type { ModelRegistry } from './modelRegistry.ts';
import type { NodeRegistry } from './nodeRegistry.ts';
import type { SessionRecords } from './sessionRecords.ts';
import type { TokenStore } from './tokenStore.ts';
import type { ToolResultCache } from './toolResultCache.ts';
import type { WorkingMemoryRecords } from './workingMemoryRecords.ts';

/** What the machines and programs of a LAN share beside memories, on one database. */
export interface Records extends Disposable {
  readonly sessions: SessionRecords;
  readonly workingMemory: WorkingMemoryRecords;
  readonly embeddings: EmbeddingRecords;
  readonly learning: LearningQueue;
  readonly toolResults: ToolResultCache;
  readonly models: ModelRegistry;
  readonly nodes: NodeRegistry;
  readonly events: EventBus;
  readonly tokens: TokenStore;
}
