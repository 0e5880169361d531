import type { OpenRecords } from '../fixtures/openRecords.ts';
import { embeddingRecordsContract } from './records/embeddingRecords.contract.ts';
import { eventBusContract } from './records/eventBus.contract.ts';
import { learningQueueContract } from './records/learningQueue.contract.ts';
import { modelRegistryContract } from './records/modelRegistry.contract.ts';
import { nodeRegistryContract } from './records/nodeRegistry.contract.ts';
import { sessionRecordsContract } from './records/sessionRecords.contract.ts';
import { tokenStoreContract } from './records/tokenStore.contract.ts';
import { toolResultCacheContract } from './records/toolResultCache.contract.ts';
import { workingMemoryRecordsContract } from './records/workingMemoryRecords.contract.ts';

/** What every Records must do. @param open empty ones */
export function recordsContract(name: string, open: () => Promise<OpenRecords>): void {
  sessionRecordsContract(name, open);
  embeddingRecordsContract(name, open);
  learningQueueContract(name, open);
  toolResultCacheContract(name, open);
  modelRegistryContract(name, open);
  nodeRegistryContract(name, open);
  eventBusContract(name, open);
  workingMemoryRecordsContract(name, open);
  tokenStoreContract(name, open);
}
