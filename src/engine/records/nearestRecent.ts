import type { EmbeddingRecord, EmbeddingRecords } from '../ports/embeddingRecords.ts';

export interface NearRecord {
  readonly record: EmbeddingRecord;
  /** Cosine, in [-1, 1]. */
  readonly score: number;
}

/**
 * Searches the embeddings that were put last.
 * @param vector those of another length are left out: they are of another model
 * @param limit at most so many are returned, nearest first; equals: last put first
 * @param among how many of the last ones are looked at, 1..1000
 */
export async function nearestRecent(
  embeddings: EmbeddingRecords,
  vector: Float32Array,
  limit: number,
  among = 100,
): Promise<readonly NearRecord[]> {
  const recent = await embeddings.recent(among);
  return recent
    .filter(record => record.vector.length === vector.length)
    .map(record => ({ record, score: cosine(record.vector, vector) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}

/** 0 where one of them has no direction. */
function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  if (aa === 0 || bb === 0) return 0;
  // Rounding may lead past the end.
  return Math.max(-1, Math.min(1, dot / Math.sqrt(aa * bb)));
}
