const MERGE_AT_LEAST = 20_000;
const MERGE_SHARE = 0.3;

/** A list under construction. */
interface Recent {
  readonly rows: number[];
  readonly counts: number[];
}

/** A stretch of rows that hold a term, with its occurrences in each: read directly, since a call a row costs more than the work. */
export interface Run {
  readonly rows: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
  readonly from: number;
  readonly to: number;
}

/** Which rows hold a term, and how often: a sorted base in typed arrays, and a small map of what came since. */
export class Postings {
  /** Hashes of the terms, ascending. */
  #terms = new Float64Array(0);
  /** Where each term's list begins in `#rows`; one more than terms. */
  #offsets = new Uint32Array(1);
  #rows = new Uint32Array(0);
  /** Occurrences, at most 255. */
  #counts = new Uint8Array(0);
  #recent = new Map<number, Recent>();
  #recentSize = 0;

  /** @param row must be new: higher than every row added before */
  add(row: number, terms: ReadonlyMap<number, number>): void {
    for (const [term, count] of terms) {
      let recent = this.#recent.get(term);
      if (!recent) {
        recent = { rows: [], counts: [] };
        this.#recent.set(term, recent);
      }
      recent.rows.push(row);
      recent.counts.push(Math.min(count, 255));
    }
    this.#recentSize += terms.size;
    if (this.#recentSize > MERGE_AT_LEAST && this.#recentSize > this.#rows.length * MERGE_SHARE)
      this.#merge();
  }

  /** The term's rows, ascending: in the base, then what came since. */
  runs(term: number): readonly Run[] {
    const found: Run[] = [];
    const at = this.#find(term);
    if (at >= 0) {
      found.push({
        rows: this.#rows,
        counts: this.#counts,
        from: this.#offsets[at]!,
        to: this.#offsets[at + 1]!,
      });
    }
    const recent = this.#recent.get(term);
    if (recent) found.push({ ...recent, from: 0, to: recent.rows.length });
    return found;
  }

  /** A number for each of the first rows that tells its terms and their occurrences. @param rows how many */
  prints(rows: number): Float64Array {
    const prints = new Float64Array(rows);
    for (const { list, term } of this.#lists()) {
      const { counts, from, to, rows: held } = list;
      for (let i = from; i < to; i++) prints[held[i]!]! += mixed(term, counts[i]!);
    }
    return prints;
  }

  *#lists(): Generator<{ readonly term: number; readonly list: Run }> {
    for (const [at, term] of this.#terms.entries()) {
      const [from, to] = [this.#offsets[at]!, this.#offsets[at + 1]!];
      yield { term, list: { rows: this.#rows, counts: this.#counts, from, to } };
    }
    for (const [term, recent] of this.#recent)
      yield { term, list: { ...recent, from: 0, to: recent.rows.length } };
  }

  /** Everything, for a snapshot; `Postings.from` reads it. */
  parts(): readonly [Float64Array, Uint32Array, Uint32Array, Uint8Array] {
    if (this.#recentSize > 0) this.#merge();
    return [this.#terms, this.#offsets, this.#rows, this.#counts];
  }

  static from(terms: Float64Array, offsets: Uint32Array, rows: Uint32Array, counts: Uint8Array): Postings {
    const postings = new Postings();
    postings.#terms = terms as Float64Array<ArrayBuffer>;
    postings.#offsets = offsets as Uint32Array<ArrayBuffer>;
    postings.#rows = rows as Uint32Array<ArrayBuffer>;
    postings.#counts = counts as Uint8Array<ArrayBuffer>;
    return postings;
  }

  #find(term: number): number {
    let low = 0;
    let high = this.#terms.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const value = this.#terms[middle]!;
      if (value === term) return middle;
      if (value < term) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #merge(): void {
    const fresh = Float64Array.from(this.#recent.keys()).sort();
    const total = this.#rows.length + this.#recentSize;
    let terms = new Float64Array(this.#terms.length + fresh.length);
    const offsets = new Uint32Array(terms.length + 1);
    const rows = new Uint32Array(total);
    const counts = new Uint8Array(total);
    let [termCount, end, old, next] = [0, 0, 0, 0];
    while (old < this.#terms.length || next < fresh.length) {
      const oldTerm = this.#terms[old] ?? Number.POSITIVE_INFINITY;
      const freshTerm = fresh[next] ?? Number.POSITIVE_INFINITY;
      const term = Math.min(oldTerm, freshTerm);
      terms[termCount] = term;
      offsets[termCount] = end;
      if (oldTerm === term) {
        const [from, to] = [this.#offsets[old]!, this.#offsets[old + 1]!];
        rows.set(this.#rows.subarray(from, to), end);
        counts.set(this.#counts.subarray(from, to), end);
        end += to - from;
        old += 1;
      }
      if (freshTerm === term) {
        const recent = this.#recent.get(term)!;
        rows.set(recent.rows, end);
        counts.set(recent.counts, end);
        end += recent.rows.length;
        next += 1;
      }
      termCount += 1;
    }
    offsets[termCount] = end;
    terms = terms.subarray(0, termCount) as Float64Array<ArrayBuffer>;
    this.#terms = terms;
    this.#offsets = offsets.subarray(0, termCount + 1) as Uint32Array<ArrayBuffer>;
    this.#rows = rows;
    this.#counts = counts;
    this.#recent = new Map();
    this.#recentSize = 0;
  }
}

/** 32 bits of a term and how often it occurs; sums of them stay exact. */
function mixed(term: number, count: number): number {
  const folded = Math.imul((term ^ (term / 2 ** 32)) | 0, 2654435761) ^ Math.imul(count, 1597334677);
  return Math.imul(folded ^ (folded >>> 15), 2246822507) >>> 0;
}
