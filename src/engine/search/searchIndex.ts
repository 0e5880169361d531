import type { IndexRecord, VectorRecord } from '../ports/indexSource.ts';
import type { VectorIndex, VectorReader } from '../ports/vectorIndex.ts';
import { rank } from '../ranking/rank.ts';
import type { Weights } from '../ranking/weights.ts';
import { type TermStatistics, WindowedBm25 } from '../ranking/windowedBm25.ts';
import type { Analyzer } from './analyze.ts';
import { best } from './best.ts';
import { Catalog, NONE } from './catalog.ts';
import { KeptRows } from './keptRows.ts';
import { Postings } from './postings.ts';
import type { SearchHit, SearchQuery } from './searchQuery.ts';

/** How many candidates each way of finding brings to the ranking. */
const BY_WORDS = 200;
const BY_MEANING = 100;
/** Neighbours whose similarity the window feature reads. */
const WINDOW = 2;

/**
 * Everything a process searches in: catalogue, postings and vectors. Not safe for concurrent use: `FreshIndex` takes turns.
 */
export class SearchIndex {
  readonly catalog: Catalog;
  readonly postings: Postings;
  readonly #analyzer: Analyzer;
  readonly #bm25 = new WindowedBm25();
  #vectors: VectorIndex | undefined;
  readonly #kept: KeptRows;

  constructor(analyzer: Analyzer, catalog = new Catalog(), postings = new Postings()) {
    this.#analyzer = analyzer;
    this.catalog = catalog;
    this.postings = postings;
    this.#kept = new KeptRows(catalog);
  }

  /** Memories that can be found. */
  get size(): number {
    return this.catalog.live;
  }

  get vectors(): VectorIndex | undefined {
    return this.#vectors;
  }

  /** Replaces the vectors, such as those of another model; undefined: search by words only. */
  set vectors(vectors: VectorIndex | undefined) {
    this.#vectors?.[Symbol.dispose]();
    this.#vectors = vectors;
  }

  apply(records: readonly IndexRecord[]): void {
    for (const record of records) {
      const row = this.catalog.rowOf(record.num);
      if (record.deleted) {
        if (row === NONE) continue;
        // It may have become sensitive before it went, and its words stay until the index is built anew.
        this.catalog.sensitive ||= record.sensitive;
        this.#remove(row, record.num);
      } else if (row !== NONE && this.catalog.isSameText(row, record)) {
        this.catalog.set(row, record);
      } else {
        if (row !== NONE) this.catalog.kill(row);
        const { terms, length } = this.#analyzer.analyze(record.content);
        this.postings.add(this.catalog.append(record, length), terms);
      }
    }
  }

  applyVectors(records: readonly VectorRecord[]): void {
    for (const { num, vector } of records) {
      if (this.catalog.rowOf(num) !== NONE) this.#vectors?.upsert(num, vector);
    }
  }

  /** @param weights for the benchmarks; default: the shipped ones */
  async search(query: SearchQuery, weights?: Weights): Promise<readonly SearchHit[]> {
    const { catalog } = this;
    const allowed = this.#kept.of(query);
    if (allowed.count === 0) return [];
    const { bits } = allowed;
    const vector = this.#vectors && this.#vectors.size > 0 ? query.vector : undefined;
    const near = vector
      ? // Candidates for the ranking, which weighs their codes' cosines anyway: no vector is read.
        await this.#vectors!.nearest(vector, Math.max(BY_MEANING, query.limit), {
          ...(allowed.count < catalog.live && { allowed: num => bits[catalog.rowOf(num)] === 1 }),
        })
      : [];
    const terms = [...this.#analyzer.analyze(query.text).terms.keys()];
    this.#bm25.score(terms, this.postings, catalog, allowed);
    const rows = new Set(best(this.#bm25, Math.max(BY_WORDS, query.limit)));
    for (const { key } of near) rows.add(catalog.rowOf(key));
    const cosines = vector && this.#cosines(vector, rows, bits);
    return rank(rows, catalog, this.#bm25, {
      question: query.text,
      limit: query.limit,
      threshold: query.threshold ?? 0,
      now: query.now,
      ...(cosines && { cosine: row => cosines.get(row) ?? 0, hasVector: row => cosines.has(row) }),
      ...(query.balance !== undefined && { balance: query.balance }),
      ...(weights && { weights }),
    });
  }

  /** When time changes next what the query may find, ms since the epoch. */
  changesAt(query: SearchQuery): number {
    return this.#kept.of(query).until;
  }

  /** How many memories the viewer may see in the namespaces, and how many of them hold each term. */
  statistics(
    { namespaces, now, unreviewedOf, viewer }: SearchQuery,
    terms: readonly number[],
  ): TermStatistics {
    const seen = {
      ...{ text: '', viewer, now, limit: 1 },
      ...(namespaces && { namespaces }),
      ...(unreviewedOf !== undefined && { unreviewedOf }),
    };
    const { bits, count } = this.#kept.of(seen);
    const frequencies = terms.map(term => {
      let found = 0;
      for (const { rows, from, to } of this.postings.runs(term))
        for (let i = from; i < to; i++) found += bits[rows[i]!]!;
      return found;
    });
    return { total: count, frequencies };
  }

  /** Nearest by meaning alone, to a vector such as another memory's. */
  async near(
    query: SearchQuery & { vector: Float32Array },
    read: VectorReader,
  ): Promise<readonly SearchHit[]> {
    const { catalog } = this;
    if (!this.#vectors) return [];
    const { bits } = this.#kept.of(query);
    const near = await this.#vectors.nearest(query.vector, query.limit, {
      read,
      allowed: num => bits[catalog.rowOf(num)] === 1,
    });
    return near
      .filter(({ score }) => score >= (query.threshold ?? 0))
      .map(({ key, score }) => ({
        num: key,
        id: catalog.ids[catalog.rowOf(key)]!,
        score: Math.max(0, Math.min(1, score)),
        parts: { meaning: score },
      }));
  }

  /** Dead rows take room until the index is built anew. */
  get wasteful(): boolean {
    return this.catalog.rows > 2000 && this.catalog.live < this.catalog.rows * 0.7;
  }

  #remove(row: number, num: number): void {
    this.catalog.kill(row);
    this.#vectors?.remove(num);
  }

  /** Similarities of the candidates and of the neighbours their windows read, as far as they have a vector. */
  #cosines(
    vector: Float32Array,
    candidates: ReadonlySet<number>,
    bits: Uint8Array,
  ): ReadonlyMap<number, number> {
    const { catalog } = this;
    const rows = new Set(candidates);
    for (const row of candidates) {
      if (catalog.session[row] === 0) continue;
      for (const links of [catalog.previous, catalog.next]) {
        for (
          let neighbour = links[row]!, i = 0;
          neighbour !== NONE && i < WINDOW;
          neighbour = links[neighbour]!, i++
        ) {
          // Only what the viewer may see speaks for its neighbours.
          if (bits[neighbour] === 1) rows.add(neighbour);
        }
      }
    }
    const list = [...rows];
    const similarities = this.#vectors!.similarities(
      vector,
      list.map(row => catalog.num[row]!),
    );
    return new Map(
      list.flatMap((row, i) => (Number.isNaN(similarities[i]) ? [] : [[row, similarities[i]!] as const])),
    );
  }
}
