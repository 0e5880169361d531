import { MemoryError } from '../errors.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { EmbeddingStore, PendingEmbedding } from '../ports/embeddingStore.ts';
import type { Logger } from '../ports/logger.ts';

/** Texts a round: enough to keep the model busy, few enough that a crash repeats little. */
const ROUND = 256;
/** Texts that may fail before the model is taken for broken. */
const PATIENCE = 3;

/**
 * Gives the memories that have none their vectors, newest first, until none is left.
 * What is stored stays stored, so that it goes on where it stopped, whoever died.
 *
 * @returns how many vectors were stored. Rejects with `unavailable` when the model cannot work or refused a text (the others have
 *   their vectors then), `cancelled` on abort
 */
export async function embedBacklog(
  store: EmbeddingStore,
  embedder: Embedder,
  logger: Logger,
  signal: AbortSignal,
): Promise<number> {
  const { id } = embedder.model;
  let total = 0;
  const refused = new Map<number, unknown>();
  for (;;) {
    if (signal.aborted)
      throw new MemoryError('cancelled', 'Embedding was stopped.', 'It goes on at the next start.');
    const pending = (await store.pending(id, ROUND + refused.size)).filter(one => !refused.has(one.num));
    if (pending.length === 0) break;
    const vectors = await embedEach(embedder, pending, refused, signal);
    const done = pending.filter(one => vectors.has(one.num));
    const stored = await store.put(
      id,
      embedder.model.dimensions,
      done.map(({ num, contentHash }) => ({ num, contentHash, vector: vectors.get(num)! })),
    );
    total += stored;
    logger.debug('embedded a round', { stored, of: pending.length });
  }
  const [problem] = refused.values();
  if (problem !== undefined) throw problem;
  return total;
}

/**
 * All at once; when that fails one by one, so that a text that the model refuses holds up no other.
 * @param refused takes the failures; rejects when it is not a text's fault, which is when the first few fail
 */
async function embedEach(
  embedder: Embedder,
  pending: readonly PendingEmbedding[],
  refused: Map<number, unknown>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Float32Array>> {
  const contents = pending.map(one => one.content);
  try {
    const vectors = await embedder.embed(contents, signal);
    return new Map(pending.map(({ num }, i) => [num, vectors[i]!]));
  } catch (error) {
    if (!MemoryError.is(error, 'unavailable') || pending.length === 1) throw error;
  }
  const found = new Map<number, Float32Array>();
  const failed = new Map<number, unknown>();
  for (const { num, content } of pending) {
    try {
      const [vector] = await embedder.embed([content], signal);
      found.set(num, vector!);
    } catch (error) {
      if (!MemoryError.is(error, 'unavailable')) throw error;
      failed.set(num, error);
      if (found.size === 0 && (failed.size === PATIENCE || failed.size === pending.length)) throw error;
    }
  }
  for (const [num, error] of failed) refused.set(num, error);
  return found;
}
