/** Where things are in a block; `assembly/scan.ts` draws the picture. */
const LINE = 64;
const TAIL_BYTES = 48;
const SUMS_AT = 16;
const MASK_AT = 32;

/** Addresses of rows of one dimension behind `base`. */
export class Layout {
  /** Dimension rounded up to whole lines; what is added is zero. */
  readonly padded: number;
  /** Bytes of a block of four rows. */
  readonly stride: number;
  readonly base: number;

  constructor(dimensions: number, base: number) {
    this.padded = Math.ceil(dimensions / LINE) * LINE;
    this.stride = this.padded * 4 + TAIL_BYTES;
    this.base = base;
  }

  /** Bytes that `rows` take. */
  bytes(rows: number): number {
    return Math.ceil(rows / 4) * this.stride;
  }

  /** Address of the 64 codes of a row in one line. */
  line(slot: number, line: number): number {
    return this.#block(slot) + line * LINE * 4 + (slot & 3) * LINE;
  }

  scale(slot: number): number {
    return this.#block(slot) + this.padded * 4 + (slot & 3) * 4;
  }

  sum(slot: number): number {
    return this.scale(slot) + SUMS_AT;
  }

  mask(slot: number): number {
    return this.#block(slot) + this.padded * 4 + MASK_AT + (slot & 3);
  }

  #block(slot: number): number {
    return this.base + (slot >> 2) * this.stride;
  }
}
