import type { IndexRecord } from '../../ports/indexSource.ts';
import { rank } from '../../ranking/rank.ts';
import { type TermStatistics, WindowedBm25 } from '../../ranking/windowedBm25.ts';
import { allowedRows } from '../allowedRows.ts';
import type { AnalyzedText } from '../analyze.ts';
import { Catalog } from '../catalog.ts';
import { Postings } from '../postings.ts';
import type { SearchHit, SearchQuery } from '../searchQuery.ts';

export interface Judged {
  readonly query: SearchQuery;
  /** Ids of those that were found by meaning, or here; the others count where their words, or their neighbours’, are the question's. */
  readonly found: ReadonlySet<string>;
  /** Hashes of the question's terms, each once. */
  readonly terms: readonly number[];
  readonly statistics: TermStatistics;
  /** Cosine of a memory with the question, by its number; absent: by words only. */
  readonly cosines?: ReadonlyMap<number, number>;
}

/**
 * Ranks candidates as the index of a process ranks its own, from their texts: rights, filters and features are the same. What a
 * session says is counted as far as its memories are among the candidates.
 */
export function rankCandidates(
  records: readonly IndexRecord[],
  analyze: (record: IndexRecord) => AnalyzedText,
  { cosines, found, query, statistics, terms }: Judged,
): readonly SearchHit[] {
  const catalog = new Catalog();
  const postings = new Postings();
  const wanted = new Set(terms);
  const ordered = records.toSorted((a, b) => a.createdAt - b.createdAt || a.num - b.num);
  for (const [i, record] of ordered.entries()) {
    const text = analyze(record);
    // The catalogue is as long as its highest number: here they count from 0.
    const row = catalog.append({ ...record, num: i }, text.length);
    postings.add(row, new Map([...text.terms].filter(([term]) => wanted.has(term))));
  }
  const allowed = allowedRows(catalog, query);
  if (allowed.count === 0) return [];
  const bm25 = new WindowedBm25();
  bm25.score(terms, postings, catalog, allowed, statistics);
  const rows = [...allowed.bits.keys()].filter(
    row => allowed.bits[row] === 1 && (bm25.scores[row]! > 0 || found.has(ordered[row]!.id)),
  );
  const cosine = cosines && {
    // Only what the viewer may see speaks for its neighbours.
    cosine: (row: number) => (allowed.bits[row] === 1 ? (cosines.get(ordered[row]!.num) ?? 0) : 0),
    hasVector: (row: number) => cosines.has(ordered[row]!.num),
  };
  return rank(rows, catalog, bm25, {
    question: query.text,
    limit: query.limit,
    threshold: query.threshold ?? 0,
    now: query.now,
    ...cosine,
    ...(query.balance !== undefined && { balance: query.balance }),
  }).map(hit => ({ ...hit, num: ordered[hit.num]!.num }));
}
