import { Layout } from './layout.ts';
import { instantiateScan, type Kernel, type ScanExports } from './scanModule.ts';

const PAGE = 65_536;
/** Memory grows by at least so much: growing is cheap, and it copies nothing. */
const GROW_BYTES = 4 * 1024 * 1024;
/** Largest heap and slot list; with the query they fill the space in front of the rows. */
export const MOST_CANDIDATES = 16_384;
const MOST_DIMENSIONS = 4096;

const QUERY_AT = 1024;
const HEAP_AT = QUERY_AT + MOST_DIMENSIONS * 2;
const LIST_AT = HEAP_AT + MOST_CANDIDATES * 8;
const ROWS_AT = LIST_AT + MOST_CANDIDATES * 4;

/** One candidate of a scan. */
export interface Candidate {
  readonly slot: number;
  /** Cosine with the query, within `bound` of the truth. */
  readonly score: number;
}

/**
 * Quantised rows in WebAssembly memory and the scan over them. A row is int8 codes and a scale; `rowError` is the largest distance
 * between a row and what its codes say, for the certificate of exactness.
 */
export class Codes {
  readonly dimensions: number;
  readonly kernel: Kernel;
  readonly layout: Layout;
  readonly scan: ScanExports;
  rows = 0;
  rowError = 0;
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  #view: DataView;
  #queryScale = 1;
  #queryError = 0;

  constructor(directory: string, kernel: Kernel, dimensions: number) {
    this.dimensions = dimensions;
    this.kernel = kernel;
    this.layout = new Layout(dimensions, ROWS_AT);
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(ROWS_AT / PAGE), maximum: PAGE });
    this.scan = instantiateScan(directory, kernel, this.#memory);
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
  }

  /** Writes a row at the end or over another. */
  write(slot: number, vector: Float32Array): void {
    this.#reserve(slot + 1);
    let largest = 0;
    for (const value of vector) largest = Math.max(largest, Math.abs(value));
    const scale = largest / 127 || 1;
    let sum = 0;
    let error = 0;
    for (let i = 0, at = 0; i < this.dimensions; i++, at++) {
      if ((i & 63) === 0) at = this.layout.line(slot, i >> 6);
      const code = Math.round(vector[i]! / scale);
      this.#bytes[at] = code;
      sum += code;
      error += (vector[i]! - code * scale) ** 2;
    }
    this.#view.setFloat32(this.layout.scale(slot), scale, true);
    this.#view.setInt32(this.layout.sum(slot), sum, true);
    this.rowError = Math.max(this.rowError, Math.sqrt(error));
    this.rows = Math.max(this.rows, slot + 1);
  }

  /** Moves the last row into the slot, which so is freed. */
  removeSwapping(slot: number): void {
    const last = this.rows - 1;
    if (slot !== last) {
      for (let line = 0; line < this.layout.padded / 64; line++) {
        const from = this.layout.line(last, line);
        this.#bytes.copyWithin(this.layout.line(slot, line), from, from + 64);
      }
      this.#view.setFloat32(
        this.layout.scale(slot),
        this.#view.getFloat32(this.layout.scale(last), true),
        true,
      );
      this.#view.setInt32(this.layout.sum(slot), this.#view.getInt32(this.layout.sum(last), true), true);
    }
    this.rows = last;
  }

  /** Marks the rows that the next scan may find. @returns how many */
  mask(allowed: (slot: number) => boolean): number {
    let count = 0;
    for (let slot = 0; slot < this.rows; slot++) {
      const allow = allowed(slot);
      this.#bytes[this.layout.mask(slot)] = allow ? 1 : 0;
      if (allow) count += 1;
    }
    return count;
  }

  /**
   * Quantises the query for the scans that follow: 7 bits, shifted to be unsigned, or 15.
   * @param query unit length
   */
  aim(query: Float32Array): void {
    let largest = 0;
    for (const value of query) largest = Math.max(largest, Math.abs(value));
    const relaxed = this.kernel === 'relaxed';
    // Sums of products must stay below 2^31.
    const steps = relaxed ? 63 : Math.min(16_383, Math.floor((2 ** 31 - 1) / (127 * this.layout.padded)));
    this.#queryScale = largest / steps || 1;
    let error = 0;
    for (let i = 0; i < this.layout.padded; i++) {
      const code = i < this.dimensions ? Math.round(query[i]! / this.#queryScale) : 0;
      if (relaxed) this.#bytes[QUERY_AT + i] = code + 64;
      else this.#view.setInt16(QUERY_AT + i * 2, code, true);
      if (i < this.dimensions) error += (query[i]! - code * this.#queryScale) ** 2;
    }
    this.#queryError = Math.sqrt(error);
  }

  /** The best `capacity` rows by their codes, in no order. @param capacity 1..MOST_CANDIDATES */
  best(capacity: number, masked: boolean): Candidate[] {
    const { base, padded } = this.layout;
    const count = this.scan.scan(base, this.rows, padded, QUERY_AT, masked ? 1 : 0, HEAP_AT, capacity);
    return Array.from({ length: count }, (_, i) => ({
      score: this.#view.getFloat32(HEAP_AT + i * 4, true) * this.#queryScale,
      slot: this.#view.getInt32(HEAP_AT + (capacity + i) * 4, true),
    }));
  }

  /** Cosine of each slot by its codes; NaN for a negative slot. */
  similarities(slots: Int32Array): Float32Array {
    const out = new Float32Array(slots.length);
    const { base, padded } = this.layout;
    for (let start = 0; start < slots.length; start += MOST_CANDIDATES) {
      const part = slots.subarray(start, start + MOST_CANDIDATES);
      for (let i = 0; i < part.length; i++) this.#view.setInt32(LIST_AT + i * 4, Math.max(0, part[i]!), true);
      if (this.rows > 0) this.scan.similarities(base, padded, QUERY_AT, LIST_AT, part.length, HEAP_AT);
      for (let i = 0; i < part.length; i++) {
        const score = this.#view.getFloat32(HEAP_AT + i * 4, true) * this.#queryScale;
        out[start + i] = part[i]! < 0 || this.rows === 0 ? Number.NaN : score;
      }
    }
    return out;
  }

  /** No row's true cosine is further than this from the score that its codes have. */
  get bound(): number {
    // The last term is what float32 rounds in a scan.
    return this.rowError + this.#queryError * (1 + this.rowError) + 1e-5;
  }

  /** The rows as they lie in memory. */
  bytes(): Uint8Array {
    return this.#bytes.slice(ROWS_AT, ROWS_AT + this.layout.bytes(this.rows));
  }

  load(bytes: Uint8Array, rows: number): void {
    this.#reserve(rows);
    this.#bytes.set(bytes, ROWS_AT);
    this.rows = rows;
  }

  #reserve(rows: number): void {
    const missing = ROWS_AT + this.layout.bytes(rows) - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(Math.max(missing, GROW_BYTES) / PAGE));
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
  }
}
