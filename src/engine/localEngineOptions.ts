import type { Anchors } from './anchors/anchors.ts';
import type { Caches } from './caches/caches.ts';
import type { SharedVectors } from './embedding/sharedVectors.ts';
import type { Devices } from './health/devices.ts';
import type { Memories } from './memories/memories.ts';
import type { Clock } from './ports/clock.ts';
import type { Embedder } from './ports/embedder.ts';
import type { EngineObserver } from './ports/engineObserver.ts';
import type { Identity } from './ports/identity.ts';
import type { JobQueue } from './ports/jobQueue.ts';
import type { Logger } from './ports/logger.ts';
import type { MemoryIndex } from './ports/memoryIndex.ts';
import type { Store } from './ports/store.ts';
import type { Reviews } from './review/reviews.ts';
import type { Transfer } from './transfer.ts';
import type { Upkeep } from './upkeep.ts';
import type { WorkTogether } from './workTogether.ts';

export interface LocalEngineOptions {
  readonly store: Store;
  readonly memories: Memories;
  readonly anchors: Anchors;
  readonly transfer: Transfer;
  readonly reviews: Reviews;
  readonly upkeep: Upkeep;
  readonly index: MemoryIndex;
  readonly caches: Caches;
  readonly together: WorkTogether;
  readonly devices: Devices;
  /** Asked for at the first use. */
  readonly jobs: () => JobQueue;
  /** Computes the vectors of the configured model; undefined: switched off. */
  readonly embedder: Embedder | undefined;
  /** The model that was configured before, and whose vectors serve until the new one has nearly all of its own. */
  readonly outgoing: Embedder | undefined;
  /** Vectors that need not be computed again; undefined: every text is embedded. */
  readonly sharedVectors: SharedVectors | undefined;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly logger: Logger;
  readonly recallDeadlineMs: number;
  /** false: it leaves the housekeeping to others. */
  readonly housekeeping: boolean;
  readonly observer?: EngineObserver | undefined;
}
