/** Codes of a row lie in parts of so many bytes, four rows after one another; `assembly/scan.ts` draws the picture. */
export const PART = 64;
const TAIL_BYTES = 32;
const SUMS_AT = 16;

/** Rows that one call of a kernel takes, listed or masked; and the largest heap. */
export const MOST_ROWS = 16_384;
export const MOST_DIMENSIONS = 4096;

/** Where the scan's own things are, in bytes: queries, heap, and a list of slots or their masks. The rows follow. */
export const SHORT_QUERY_AT = 1024;
export const LONG_QUERY_AT = SHORT_QUERY_AT + MOST_DIMENSIONS;
export const HEAP_AT = LONG_QUERY_AT + MOST_DIMENSIONS * 2;
export const LIST_AT = HEAP_AT + MOST_ROWS * 8;
export const ROWS_AT = LIST_AT + MOST_ROWS * 4;

/** Addresses of the rows of one dimension, in bytes. */
export class Layout {
  /** Dimension rounded up to whole parts; what is added is zero. */
  readonly padded: number;
  /** Bytes of a block of four rows. */
  readonly stride: number;

  constructor(dimensions: number) {
    this.padded = Math.ceil(dimensions / PART) * PART;
    this.stride = this.padded * 4 + TAIL_BYTES;
  }

  /** Bytes that `rows` take. */
  bytes(rows: number): number {
    return Math.ceil(rows / 4) * this.stride;
  }

  /** Address of the first part of a row's codes; the others follow at `PART * 4` each. */
  codes(slot: number): number {
    return this.#block(slot) + (slot & 3) * PART;
  }

  scale(slot: number): number {
    return this.#block(slot) + this.padded * 4 + (slot & 3) * 4;
  }

  sum(slot: number): number {
    return this.scale(slot) + SUMS_AT;
  }

  #block(slot: number): number {
    return ROWS_AT + Math.floor(slot / 4) * this.stride;
  }
}
