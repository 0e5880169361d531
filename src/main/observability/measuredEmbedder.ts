import type { Embedder } from '../../engine/ports/embedder.ts';

/** Measures one call of the model. @param texts how many */
export type MeasureEmbedding = <T>(texts: number, model: string, call: () => Promise<T>) => Promise<T>;

/** The same embedder, its calls measured. */
export function measuredEmbedder(embedder: Embedder, measure: MeasureEmbedding): Embedder {
  return {
    get model() {
      return embedder.model;
    },
    state: () => embedder.state(),
    embed: (texts, signal) => measure(texts.length, embedder.model.id, () => embedder.embed(texts, signal)),
    [Symbol.asyncDispose]: () => embedder[Symbol.asyncDispose](),
  };
}
