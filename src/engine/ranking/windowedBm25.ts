import type { AllowedRows } from '../search/allowedRows.ts';
import { type Catalog, NONE } from '../search/catalog.ts';
import { grown } from '../search/growable.ts';
import type { Postings, Run } from '../search/postings.ts';
import { contextShare } from './contextShare.ts';

/** BM25's parameters (Robertson and Zaragoza 2009) for short texts: early saturation, little length normalisation. */
export const K1 = 1;
export const B = 0.2;
/** Half of a term's worth to a session at this count: that it is spoken of at all says most. */
const SESSION_K = 1;
/** How much of a neighbour's count a short memory gets, by distance 1..3 within the session: those before it, those after it. */
const FROM_PREVIOUS = [0.4, 0.16, 0.064] as const;
const FROM_NEXT = [0.3, 0.09, 0.027] as const;
/** A term in more rows than this tells so little that its neighbours' counts are not worth their time. */
const FREQUENT = 2000;

/** Among the memories that the viewer may see: how many there are, and how many hold each term of the query. */
export interface TermStatistics {
  readonly total: number;
  readonly frequencies: readonly number[];
}

type Allowed = Pick<AllowedRows, 'bits' | 'count' | 'meanWords'>;

/**
 * BM25 over a memory and its neighbours in the session: each term's length-normalised count is added up over the window, THEN
 * saturated and weighted by the inverse document frequency. A memory outside sessions gets plain BM25, and a long one nearly so.
 *
 * Scores of all rows are kept in arrays that are reused from query to query, and the loops call nothing large: this is the hot path.
 */
export class WindowedBm25 {
  /** Sum over the query's terms, by row; valid for `touched` only. */
  scores = new Float32Array(0);
  /** The session as one document, by the session's number in the catalogue. */
  sessionScores = new Float32Array(0);
  /** Rows with a score above 0. */
  touched = new Int32Array(0);
  touchedCount = 0;
  /** Terms' idf of the last query, in its order; 0 for a term that is nowhere. */
  idf: readonly number[] = [];
  #sums = new Float32Array(0);
  #sessionSums = new Float32Array(0);
  /** Rows, and sessions, that the term at hand has reached. */
  #rows = new Int32Array(0);
  #rowCount = 0;
  #sessions = new Int32Array(0);
  #sessionCount = 0;

  /**
   * @param terms the query's, each once
   * @param known of all memories, where these rows are only some of them
   */
  score(
    terms: readonly number[],
    postings: Postings,
    catalog: Catalog,
    allowed: Allowed,
    known?: TermStatistics,
  ): void {
    this.#reset(catalog);
    this.idf = terms.map((term, i) => {
      const runs = postings.runs(term);
      const size = known?.frequencies[i] ?? runs.reduce((sum, { from, to }) => sum + to - from, 0);
      let here = 0;
      for (const run of runs) here += this.#count(run, catalog, allowed, size <= FREQUENT);
      const frequency = Math.max(here, known?.frequencies[i] ?? 0);
      const total = Math.max(allowed.count, frequency, known?.total ?? 0);
      const idf = frequency === 0 ? 0 : Math.log(1 + (total - frequency + 0.5) / (frequency + 0.5));
      this.#addUp(idf, allowed.bits);
      return idf;
    });
  }

  /** Adds the counts of one term to the rows, their neighbours and their sessions. @returns rows that hold it and are allowed */
  #count(run: Run, catalog: Catalog, { bits, meanWords }: Allowed, spread: boolean): number {
    const { rows, counts, from, to } = run;
    const { words, session, next, previous } = catalog;
    const sums = this.#sums;
    let frequency = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      if (bits[row] === 0) continue;
      frequency += 1;
      const value = counts[i]! / (1 - B + (B * words[row]!) / meanWords);
      if (sums[row] === 0) this.#rows[this.#rowCount++] = row;
      sums[row]! += value;
      const inside = session[row]!;
      if (inside === 0) continue;
      if (this.#sessionSums[inside] === 0) this.#sessions[this.#sessionCount++] = inside;
      this.#sessionSums[inside]! += value;
      if (!spread) continue;
      // This row stands before those that follow it, and after those that precede it.
      for (
        let neighbour = next[row]!, d = 0;
        d < 3 && neighbour !== NONE;
        neighbour = next[neighbour]!, d++
      ) {
        if (sums[neighbour] === 0) this.#rows[this.#rowCount++] = neighbour;
        sums[neighbour]! += value * FROM_PREVIOUS[d]! * contextShare(words[neighbour]!);
      }
      for (
        let neighbour = previous[row]!, d = 0;
        d < 3 && neighbour !== NONE;
        neighbour = previous[neighbour]!, d++
      ) {
        if (sums[neighbour] === 0) this.#rows[this.#rowCount++] = neighbour;
        sums[neighbour]! += value * FROM_NEXT[d]! * contextShare(words[neighbour]!);
      }
    }
    return frequency;
  }

  /** Saturates and weighs what the term has counted, and clears it for the next one. */
  #addUp(idf: number, bits: Uint8Array): void {
    const { scores, touched } = this;
    for (let i = 0; i < this.#rowCount; i++) {
      const row = this.#rows[i]!;
      const sum = this.#sums[row]!;
      this.#sums[row] = 0;
      if (bits[row] === 0) continue;
      if (scores[row] === 0) touched[this.touchedCount++] = row;
      scores[row]! += (idf * sum * (K1 + 1)) / (sum + K1);
    }
    this.#rowCount = 0;
    for (let i = 0; i < this.#sessionCount; i++) {
      const session = this.#sessions[i]!;
      const sum = this.#sessionSums[session]!;
      this.#sessionSums[session] = 0;
      this.sessionScores[session]! += (idf * sum) / (sum + SESSION_K);
    }
    this.#sessionCount = 0;
  }

  #reset(catalog: Catalog): void {
    const { rows } = catalog;
    for (let i = 0; i < this.touchedCount; i++) this.scores[this.touched[i]!] = 0;
    this.touchedCount = 0;
    const sessions = catalog.names.size + 1;
    this.sessionScores = grown(this.sessionScores, sessions).fill(0);
    this.#sessionSums = grown(this.#sessionSums, sessions);
    this.#sessions = grown(this.#sessions, sessions);
    this.scores = grown(this.scores, rows);
    this.touched = grown(this.touched, rows);
    this.#sums = grown(this.#sums, rows);
    this.#rows = grown(this.#rows, rows);
  }
}
