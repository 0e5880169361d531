import { MemoryError } from '../errors.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { EmbeddingStore } from '../ports/embeddingStore.ts';
import type { Logger } from '../ports/logger.ts';

/** Texts a round: enough to keep the model busy, few enough that a crash repeats little. */
const ROUND = 256;

/**
 * Gives the memories that have none their vectors, newest first, until none is left.
 * What is stored stays stored, so that it goes on where it stopped, whoever died.
 *
 * @returns how many vectors were stored. Rejects with `unavailable` when the model cannot work, `cancelled` on abort
 */
export async function embedBacklog(
  store: EmbeddingStore,
  embedder: Embedder,
  logger: Logger,
  signal: AbortSignal,
): Promise<number> {
  const { id } = embedder.model;
  let total = 0;
  for (;;) {
    if (signal.aborted)
      throw new MemoryError('cancelled', 'Embedding was stopped.', 'It goes on at the next start.');
    const pending = await store.pending(id, ROUND);
    if (pending.length === 0) return total;
    const vectors = await embedder.embed(
      pending.map(one => one.content),
      signal,
    );
    const stored = await store.put(
      id,
      embedder.model.dimensions,
      pending.map(({ num, contentHash }, i) => ({ num, contentHash, vector: vectors[i]! })),
    );
    total += stored;
    logger.debug('embedded a round', { stored, of: pending.length });
  }
}
