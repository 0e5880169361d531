import type { IndexRecord } from '../../ports/indexSource.ts';
import type { SearchDocument } from '../../ports/serverSearch.ts';
import type { Analyzer } from '../analyze.ts';

/** What the server's index gets of a memory, which must not be a sensitive one. */
export function searchDocument(
  record: IndexRecord,
  analyzer: Analyzer,
  vector: Float32Array | undefined,
): SearchDocument {
  const { agent, createdAt, id, namespace, owner, priority, session, sharedWith } = record;
  const { tags, type, unreviewedBy, validFrom, validUntil, visibility } = record;
  return {
    ...{ id, namespace, owner, visibility, sharedWith, agent, type, priority, tags, session },
    ...{ createdAt, validFrom, validUntil, unreviewedBy },
    expiresAt: record.pinned ? null : record.expiresAt,
    terms: analyzer.analyze(record.content).terms,
    ...(vector && { vector }),
  };
}

/** One after another out of what the store reads at once; undefined for one that is not there, which is all zeros. */
export function splitVectors(all: Float32Array, count: number): readonly (Float32Array | undefined)[] {
  const dimensions = count === 0 ? 0 : all.length / count;
  return Array.from({ length: count }, (_, i) => {
    const vector = all.subarray(i * dimensions, (i + 1) * dimensions);
    return vector.some(value => value !== 0) ? vector : undefined;
  });
}
