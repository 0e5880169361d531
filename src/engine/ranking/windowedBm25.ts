import type { AllowedRows } from '../search/allowedRows.ts';
import { type Catalog, NONE } from '../search/catalog.ts';
import { grown } from '../search/growable.ts';
import type { Postings } from '../search/postings.ts';

/** BM25's parameters (Robertson and Zaragoza 2009) for short texts: early saturation, little length normalisation. */
export const K1 = 1;
export const B = 0.2;
/** A session saturates later than a memory: it says a word more often. */
const SESSION_K = 3;
/** How much of a neighbour's count a memory gets, by distance 1..3 within the session: those before it, those after it. */
export const FROM_PREVIOUS = [0.4, 0.16, 0.064] as const;
export const FROM_NEXT = [0.3, 0.09, 0.027] as const;

/**
 * BM25 over a memory and its neighbours in the session: each term's length-normalised count is added up over the window, THEN
 * saturated and weighted by the inverse document frequency. A memory outside sessions gets plain BM25.
 *
 * Scores of all rows are kept in arrays that are reused from query to query.
 */
export class WindowedBm25 {
  /** Sum over the query's terms, by row; valid for `touched` only. */
  scores = new Float32Array(0);
  /** Rows with a score above 0. */
  touched = new Int32Array(0);
  touchedCount = 0;
  /** Terms' idf of the last query, in its order; 0 for a term that is nowhere. */
  idf: readonly number[] = [];
  /** The session as one document, by the session's number in the catalogue. */
  sessionScores = new Float32Array(0);
  #sessionSums = new Float32Array(0);
  #sums = new Float32Array(0);
  #rows = new Int32Array(0);
  #seen = new Uint8Array(0);

  /** @param terms the query's, each once */
  score(terms: readonly number[], postings: Postings, catalog: Catalog, allowed: AllowedRows): void {
    this.#reset(catalog);
    const { bits, count, meanWords } = allowed;
    this.idf = terms.map(term => {
      let touched = 0;
      let frequency = 0;
      const sessions: number[] = [];
      const add = (row: number, value: number) => {
        if (this.#sums[row] === 0) this.#rows[touched++] = row;
        this.#sums[row]! += value;
      };
      postings.forEach(term, (row, occurrences) => {
        if (bits[row] === 0) return;
        frequency += 1;
        const value = occurrences / (1 - B + (B * catalog.words[row]!) / meanWords);
        add(row, value);
        const session = catalog.session[row]!;
        if (session === 0) return;
        if (this.#sessionSums[session] === 0) sessions.push(session);
        this.#sessionSums[session]! += value;
        // This row stands before those that follow it, and after those that precede it.
        spread(row, catalog.next, FROM_PREVIOUS, (neighbour, share) => add(neighbour, value * share));
        spread(row, catalog.previous, FROM_NEXT, (neighbour, share) => add(neighbour, value * share));
      });
      const idf = frequency === 0 ? 0 : Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
      for (let i = 0; i < touched; i++) {
        const row = this.#rows[i]!;
        const sum = this.#sums[row]!;
        this.#sums[row] = 0;
        if (bits[row] === 0) continue;
        if (this.#seen[row] === 0) {
          this.#seen[row] = 1;
          this.touched[this.touchedCount++] = row;
        }
        this.scores[row]! += (idf * sum * (K1 + 1)) / (sum + K1);
      }
      for (const session of sessions) {
        const sum = this.#sessionSums[session]!;
        this.#sessionSums[session] = 0;
        this.sessionScores[session]! += (idf * sum) / (sum + SESSION_K);
      }
      return idf;
    });
  }

  #reset(catalog: Catalog): void {
    const { rows } = catalog;
    for (let i = 0; i < this.touchedCount; i++) {
      this.scores[this.touched[i]!] = 0;
      this.#seen[this.touched[i]!] = 0;
    }
    this.touchedCount = 0;
    const sessions = catalog.names.strings().length + 1;
    this.sessionScores = grown(this.sessionScores, sessions).fill(0);
    this.#sessionSums = grown(this.#sessionSums, sessions);
    this.scores = grown(this.scores, rows);
    this.touched = grown(this.touched, rows);
    this.#sums = grown(this.#sums, rows);
    this.#rows = grown(this.#rows, rows);
    this.#seen = grown(this.#seen, rows);
  }
}

function spread(
  row: number,
  links: Int32Array,
  shares: readonly number[],
  add: (neighbour: number, share: number) => void,
): void {
  let neighbour = row;
  for (const share of shares) {
    neighbour = links[neighbour]!;
    if (neighbour === NONE) return;
    add(neighbour, share);
  }
}
