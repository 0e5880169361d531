import { termHash } from './analyze.ts';
import type { SearchIndex } from './searchIndex.ts';

/** What an index holds of one memory, in three numbers: equal where an index built anew from the same store holds the same. */
interface MemoryPrint {
  /** Who may find it, and by which labels and times. */
  readonly labels: number;
  readonly words: number;
  /** undefined: it has no vector. */
  readonly vector: number | undefined;
}

/** What an index holds, small enough to be kept while the index is built anew. */
export interface IndexFingerprint {
  readonly memories: ReadonlyMap<number, MemoryPrint>;
  /** Numbers of memories that stand in it more than once. */
  readonly repeated: readonly number[];
  /** Vectors, those of memories that are not in it among them. */
  readonly vectors: number;
}

export function fingerprintOf(index: SearchIndex): IndexFingerprint {
  const { catalog, postings, vectors } = index;
  const names = ['', ...catalog.names.strings()];
  const tags = ['', ...catalog.tags.strings()];
  const words = postings.prints(catalog.rows);
  const memories = new Map<number, MemoryPrint>();
  const repeated: number[] = [];
  for (let row = 0; row < catalog.rows; row++) {
    if (catalog.alive[row] !== 1) continue;
    const num = catalog.num[row]!;
    if (memories.has(num)) repeated.push(num);
    const start = catalog.tagStart[row]!;
    const labels = [
      catalog.ids[row],
      ...[catalog.namespace, catalog.owner, catalog.agent, catalog.session, catalog.unreviewedBy].map(
        column => names[column[row]!],
      ),
      ...[catalog.type, catalog.priority, catalog.visibility, catalog.pinned].map(column => column[row]),
      ...[catalog.created, catalog.expires, catalog.validFrom, catalog.validUntil].map(column => column[row]),
      catalog.sharedWith.get(row) ?? [],
      Array.from(catalog.tagList.subarray(start, start + catalog.tagCount[row]!), tag => tags[tag]),
      // A number that leads elsewhere would let nobody find it.
      catalog.rowOf(num) === row,
    ];
    memories.set(num, {
      labels: termHash(JSON.stringify(labels)),
      words: termHash(
        `${words[row]} ${catalog.words[row]} ${catalog.question[row]} ${catalog.fingerprint[row]}`,
      ),
      vector: vectors?.printOf(num),
    });
  }
  return { memories, repeated, vectors: vectors?.size ?? 0 };
}

/**
 * What an index had wrong, a sentence each; empty when nothing.
 * @param wanted of an index that was built anew
 * @param unless numbers of memories that changed in between
 */
export function differences(
  found: IndexFingerprint,
  wanted: IndexFingerprint,
  unless: ReadonlySet<number>,
): readonly string[] {
  const count = { missing: 0, labels: 0, words: 0, noVector: 0, vector: 0, gone: 0, surplus: 0 };
  for (const [num, want] of wanted.memories) {
    if (unless.has(num)) continue;
    const have = found.memories.get(num);
    if (!have) {
      count.missing += 1;
      continue;
    }
    if (have.labels !== want.labels) count.labels += 1;
    if (have.words !== want.words) count.words += 1;
    if (have.vector === want.vector) continue;
    if (have.vector === undefined) count.noVector += 1;
    else if (want.vector === undefined) count.surplus += 1;
    else count.vector += 1;
  }
  for (const num of found.memories.keys()) if (!unless.has(num) && !wanted.memories.has(num)) count.gone += 1;
  // Vectors of numbers that no memory has: a search would find them, and nothing behind them.
  const own = [...found.memories.values()].filter(({ vector }) => vector !== undefined).length;
  count.surplus += found.vectors - own;
  const told: readonly (readonly [number, string])[] = [
    [count.missing, 'missing'],
    [count.gone, 'gone from the store'],
    [found.repeated.filter(num => !unless.has(num)).length, 'there twice'],
    [count.labels, 'with wrong labels'],
    [count.words, 'with wrong words'],
    [count.noVector, 'without their vector'],
    [count.vector, 'with a wrong vector'],
    [count.surplus, 'with a vector that is not in the store'],
  ];
  return told.flatMap(([many, what]) =>
    many === 0 ? [] : [`${many} ${many === 1 ? 'memory' : 'memories'} ${what}`],
  );
}
