import type { Codes } from './codes.ts';
import { HEAP_AT, LIST_AT, LONG_QUERY_AT, MOST_ROWS, ROWS_AT, SHORT_QUERY_AT } from './layout.ts';
import { largest, quantise, squaredLength } from './quantise.ts';
import type { ScanMemory } from './scanMemory.ts';
import type { Kernel, ScanExports } from './scanModule.ts';

/** What float32 may round in a score, for vectors of length 1. */
const ROUNDING = 1e-5;
/** Below this share of all rows it is faster to pick rows than to pass over the others. */
const SPARSE = 0.3;

/** Rows found by their codes, in no order. */
export interface Candidates {
  readonly slots: Int32Array;
  /** Cosines, each within `bound` of the truth. */
  readonly scores: Float32Array;
  readonly bound: number;
}

interface AimedQuery {
  /** What a step of the codes is worth. */
  scale: number;
  /** Distance between the query and what its codes say. */
  error: number;
}

/** Scores rows by their codes. The query is aimed first, and anew after others may have searched. */
export class Scanner {
  readonly #memory: ScanMemory;
  readonly #codes: Codes;
  readonly #exports: ScanExports;
  readonly #relaxed: boolean;
  readonly #short: AimedQuery = { scale: 1, error: 0 };
  readonly #long: AimedQuery = { scale: 1, error: 0 };
  #length = 0;

  constructor(memory: ScanMemory, codes: Codes, exports: ScanExports, kernel: Kernel) {
    this.#memory = memory;
    this.#codes = codes;
    this.#exports = exports;
    this.#relaxed = kernel === 'relaxed';
  }

  /** Quantises the query: to 15 bits, and for relaxed SIMD to 7 as well. @param query finite numbers */
  aim(query: Float32Array): void {
    const { padded } = this.#codes.layout;
    const { bytes, shorts } = this.#memory;
    const most = largest(query);
    this.#length = Math.sqrt(squaredLength(query));
    // Sums of products must stay below 2^31.
    const steps = Math.min(16_383, Math.floor((2 ** 31 - 1) / (127 * padded)));
    this.#long.scale = most / steps || 1;
    this.#long.error = Math.sqrt(quantise(query, this.#long.scale, 0, shorts, LONG_QUERY_AT / 2));
    shorts.fill(0, LONG_QUERY_AT / 2 + query.length, LONG_QUERY_AT / 2 + padded);
    if (!this.#relaxed) return;
    this.#short.scale = most / 63 || 1;
    this.#short.error = Math.sqrt(quantise(query, this.#short.scale, 64, bytes, SHORT_QUERY_AT));
    bytes.fill(64, SHORT_QUERY_AT + query.length, SHORT_QUERY_AT + padded);
  }

  /** The best rows. @param capacity 1..MOST_ROWS @param among slots, ascending; default: all */
  best(capacity: number, among?: Int32Array): Candidates {
    let held = 0;
    for (const part of this.#parts(among)) {
      held = this.#scan(part, Number.NEGATIVE_INFINITY, capacity, held);
    }
    return this.#taken(held, capacity, this.#queryFor(among));
  }

  /** Every row whose true score may be `least` or more. @param among slots, ascending; default: all */
  above(least: number, among?: Int32Array): Candidates {
    const query = this.#queryFor(among);
    const floor = (least - this.#boundOf(query)) / query.scale;
    const found: number[] = [];
    for (const part of this.#parts(among)) {
      const held = this.#scan(part, floor, MOST_ROWS, 0);
      for (const slot of this.#taken(held, MOST_ROWS, query).slots) found.push(slot);
    }
    // The 15-bit query leaves fewer of them in doubt.
    const slots = Int32Array.from(found);
    const scores = this.similarities(slots);
    const bound = this.#boundOf(this.#long);
    const may = (_: number, i: number) => scores[i]! + bound >= least;
    return { slots: slots.filter(may), scores: scores.filter(may), bound };
  }

  /** Cosine of each slot by its codes; NaN for a negative slot. */
  similarities(slots: Int32Array): Float32Array {
    const out = new Float32Array(slots.length);
    const { ints, floats } = this.#memory;
    const { padded } = this.#codes.layout;
    for (let start = 0; start < slots.length; start += MOST_ROWS) {
      const part = slots.subarray(start, start + MOST_ROWS);
      for (let i = 0; i < part.length; i++) ints[LIST_AT / 4 + i] = Math.max(0, part[i]!);
      this.#exports.similarities(ROWS_AT, LIST_AT, part.length, padded, LONG_QUERY_AT, HEAP_AT);
      for (let i = 0; i < part.length; i++) {
        out[start + i] = part[i]! < 0 ? Number.NaN : floats[HEAP_AT / 4 + i]! * this.#long.scale;
      }
    }
    return out;
  }

  #isSparse(among: Int32Array | undefined): boolean {
    return among !== undefined && among.length < this.#codes.rows * SPARSE;
  }

  #queryFor(among: Int32Array | undefined): AimedQuery {
    return this.#relaxed && !this.#isSparse(among) ? this.#short : this.#long;
  }

  /** Puts what one call of the kernel takes into its memory, part by part. */
  *#parts(among: Int32Array | undefined): Generator<Part> {
    const { rows } = this.#codes;
    if (among && this.#isSparse(among)) {
      for (let start = 0; start < among.length; start += MOST_ROWS) {
        const list = among.subarray(start, start + MOST_ROWS);
        this.#memory.ints.set(list, LIST_AT / 4);
        yield { listed: list.length };
      }
      return;
    }
    for (let first = 0, next = 0; first < rows; first += MOST_ROWS) {
      const end = Math.min(rows, first + MOST_ROWS);
      if (among) {
        const masks = this.#memory.bytes.subarray(LIST_AT, LIST_AT + MOST_ROWS).fill(0);
        for (; next < among.length && among[next]! < end; next++) masks[among[next]! - first] = 1;
      }
      yield { first, end, masks: among ? LIST_AT : 0 };
    }
  }

  #scan(part: Part, floor: number, capacity: number, held: number): number {
    const { padded } = this.#codes.layout;
    const { scan, gather } = this.#exports;
    if ('listed' in part)
      return gather(ROWS_AT, LIST_AT, part.listed, padded, LONG_QUERY_AT, floor, HEAP_AT, capacity, held);
    const query = this.#relaxed ? SHORT_QUERY_AT : LONG_QUERY_AT;
    return scan(ROWS_AT, part.first, part.end, padded, query, part.masks, floor, HEAP_AT, capacity, held);
  }

  #taken(held: number, capacity: number, query: AimedQuery): Candidates {
    const heap = HEAP_AT / 4;
    const scores = this.#memory.floats.slice(heap, heap + held);
    for (let i = 0; i < held; i++) scores[i] = scores[i]! * query.scale;
    const slots = this.#memory.ints.slice(heap + capacity, heap + capacity + held);
    return { slots, scores, bound: this.#boundOf(query) };
  }

  /** |q·x − q'·x'| for a query q and a row x and what their codes say, q' and x'. */
  #boundOf({ error }: AimedQuery): number {
    const { rowError, rowLength } = this.#codes.accuracy;
    return this.#length * rowError + error * (rowLength + rowError) + ROUNDING * this.#length * rowLength;
  }
}

type Part =
  | { readonly listed: number }
  | { readonly first: number; readonly end: number; readonly masks: number };
