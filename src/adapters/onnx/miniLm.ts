import type { EmbeddingModel } from '../../engine/ports/embedder.ts';

/** The shipped model: all-MiniLM-L6-v2, int8. */
export const miniLm: EmbeddingModel = { id: 'all-MiniLM-L6-v2/q8', dimensions: 384 };

/** Longest input in tokens, with `[CLS]` and `[SEP]`; what sentence-transformers reads of a text. */
export const miniLmTokens = 256;
