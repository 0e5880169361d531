import { Layout, PART, ROWS_AT } from './layout.ts';
import { largest, quantise, squaredLength } from './quantise.ts';
import type { ScanMemory } from './scanMemory.ts';

/** How far codes may be from what they stand for. */
export interface Accuracy {
  /** Largest distance between a row and what its codes say. */
  readonly rowError: number;
  /** Largest length of a row; 1 for unit vectors. */
  readonly rowLength: number;
}

/** Quantised rows in the memory of the scan: int8 codes and a scale each. */
export class Codes {
  readonly dimensions: number;
  readonly layout: Layout;
  readonly #memory: ScanMemory;
  #rows = 0;
  #rowError = 0;
  #rowLength = 0;

  constructor(memory: ScanMemory, dimensions: number) {
    this.#memory = memory;
    this.dimensions = dimensions;
    this.layout = new Layout(dimensions);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Of every row that was ever written: it holds for those that stayed. */
  get accuracy(): Accuracy {
    return { rowError: this.#rowError, rowLength: this.#rowLength };
  }

  /** Writes a row at the end or over another. @param vector finite numbers */
  write(slot: number, vector: Float32Array): void {
    const { layout } = this;
    this.#memory.reserve(ROWS_AT + layout.bytes(slot + 1));
    const { codes, floats, ints } = this.#memory;
    const scale = Math.fround(largest(vector) / 127);
    // Nothing is left of a row whose scale is no normal number.
    const usable = scale > 1e-37 ? scale : 1;
    let error = 0;
    let sum = 0;
    for (let from = 0, at = layout.codes(slot); from < vector.length; from += PART, at += PART * 4) {
      const part = vector.subarray(from, from + PART);
      error += quantise(part, usable, 0, codes, at);
      for (let i = 0; i < part.length; i++) sum += codes[at + i]!;
    }
    floats[layout.scale(slot) / 4] = usable;
    ints[layout.sum(slot) / 4] = sum;
    this.#rowError = Math.max(this.#rowError, Math.sqrt(error));
    this.#rowLength = Math.max(this.#rowLength, Math.sqrt(squaredLength(vector)));
    this.#rows = Math.max(this.#rows, slot + 1);
  }

  /** 53 bits of a row's codes and scale (cyrb53, as terms are hashed). */
  printOf(slot: number): number {
    const { bytes, ints } = this.#memory;
    const { layout } = this;
    let high = 0xdeadbeef ^ ints[layout.scale(slot) / 4]!;
    let low = 0x41c6ce57 ^ ints[layout.sum(slot) / 4]!;
    for (let from = 0, at = layout.codes(slot); from < layout.padded; from += PART, at += PART * 4) {
      for (let i = at; i < at + PART; i++) {
        high = Math.imul(high ^ bytes[i]!, 2654435761);
        low = Math.imul(low ^ bytes[i]!, 1597334677);
      }
    }
    return 4294967296 * (2097151 & (low ^ (low >>> 16))) + ((high ^ (high >>> 16)) >>> 0);
  }

  /** Moves the last row into the slot, which so is freed. */
  removeSwapping(slot: number): void {
    const last = this.#rows - 1;
    if (slot !== last) {
      const { bytes, ints } = this.#memory;
      const { layout } = this;
      for (let offset = 0; offset < layout.padded * 4; offset += PART * 4) {
        const from = layout.codes(last) + offset;
        bytes.copyWithin(layout.codes(slot) + offset, from, from + PART);
      }
      ints[layout.scale(slot) / 4] = ints[layout.scale(last) / 4]!;
      ints[layout.sum(slot) / 4] = ints[layout.sum(last) / 4]!;
    }
    this.#rows = last;
  }

  /** The rows as they lie in memory, in whole blocks: valid until the next change. */
  view(): Uint8Array {
    return this.#memory.bytes.subarray(ROWS_AT, ROWS_AT + this.layout.bytes(this.#rows));
  }

  /** Takes what `view` gave. */
  load(blocks: Uint8Array, rows: number, accuracy: Accuracy): void {
    this.#memory.reserve(ROWS_AT + blocks.length);
    this.#memory.bytes.set(blocks, ROWS_AT);
    this.#rows = rows;
    this.#rowError = accuracy.rowError;
    this.#rowLength = accuracy.rowLength;
  }

  clear(): void {
    this.#rows = 0;
  }
}
