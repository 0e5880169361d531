import { MemoryError } from '../../engine/errors.ts';

const PAGE = 65_536;
/** Memory grows by at least so much. It is reserved as a whole, so growing copies nothing, and costs when it is first touched. */
const GROW_BYTES = 4 * 1024 * 1024;

/** WebAssembly memory with views that stay right when it grows. */
export class ScanMemory {
  readonly memory: WebAssembly.Memory;
  bytes!: Uint8Array;
  codes!: Int8Array;
  shorts!: Int16Array;
  ints!: Int32Array;
  floats!: Float32Array;

  constructor(bytes: number) {
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: PAGE });
    this.#view();
  }

  /** Throws `too_large` beyond 4 GiB, or where the machine has no more. */
  reserve(bytes: number): void {
    const missing = bytes - this.bytes.length;
    if (missing <= 0) return;
    try {
      const room = PAGE * PAGE - this.bytes.length;
      this.memory.grow(Math.ceil(Math.max(missing, Math.min(GROW_BYTES, room)) / PAGE));
    } catch (error) {
      throw new MemoryError(
        'too_large',
        `The vector index cannot grow to ${Math.round(bytes / 2 ** 20)} MiB.`,
        'Delete memories that are not needed, or use a model with fewer dimensions.',
        { cause: error },
      );
    }
    this.#view();
  }

  #view(): void {
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer);
    this.codes = new Int8Array(buffer);
    this.shorts = new Int16Array(buffer);
    this.ints = new Int32Array(buffer);
    this.floats = new Float32Array(buffer);
  }
}
