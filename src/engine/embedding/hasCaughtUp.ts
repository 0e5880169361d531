import type { EmbeddingStore } from '../ports/embeddingStore.ts';

/** The share of the memories that may be without a vector: some are refused by the model, and some have just been stored. */
const MISSING = 0.05;

/** Whether a model has the vectors of nearly all memories, so that recall with it finds more than with the one before. */
export async function hasCaughtUp(store: EmbeddingStore, model: string): Promise<boolean> {
  const pending = await store.countPending(model);
  if (pending === 0) return true;
  const embedded = (await store.models()).find(one => one.model === model)?.count ?? 0;
  return pending <= (embedded + pending) * MISSING;
}
