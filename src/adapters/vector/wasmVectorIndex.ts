import { MemoryError } from '../../engine/errors.ts';
import type {
  Neighbour,
  VectorIndex,
  VectorIndexFactory,
  VectorReader,
} from '../../engine/ports/vectorIndex.ts';
import type { Codes } from './codes.ts';
import { type ApproximateScan, byCodes, exactSearch } from './exactSearch.ts';
import { KeySlots } from './keySlots.ts';
import { MOST_DIMENSIONS } from './layout.ts';
import { openScan } from './openScan.ts';
import { bestKernel, type Kernel } from './scanModule.ts';
import type { Scanner } from './scanner.ts';
import { decodeSnapshot, encodeSnapshot } from './vectorSnapshot.ts';

const MOST_NEIGHBOURS = 1000;
/** Vectors that are read at first, with vectors of MiniLM enough to make a second scan rare. */
const FIRST_READS = 40;
const FIRST_READS_EACH = 1.5;
const LARGEST_KEY = 2 ** 32 - 1;

/**
 * Indexes that are scanned in WebAssembly, which is loaded when the first is made.
 *
 * @param directory where the build put the WebAssembly
 * @param kernel default: the fastest this runtime has
 */
export function createVectorIndexFactory(options: {
  readonly directory: string;
  readonly kernel?: Kernel;
}): VectorIndexFactory {
  const { directory, kernel = bestKernel() } = options;
  return {
    create(dimensions) {
      if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MOST_DIMENSIONS) {
        throw invalid(`Vectors cannot have ${dimensions} dimensions.`, 'Use 1 to 4096.');
      }
      return new WasmVectorIndex(directory, kernel, dimensions);
    },
    restore(bytes) {
      const snapshot = decodeSnapshot(bytes);
      const index = new WasmVectorIndex(directory, kernel, snapshot.dimensions);
      index.load(snapshot);
      return index;
    },
  };
}

/** An exact scan: int8 codes of every row, then float32 of the best. */
class WasmVectorIndex implements VectorIndex {
  readonly dimensions: number;
  readonly #codes: Codes;
  readonly #scanner: Scanner;
  readonly #slots = new KeySlots();

  constructor(directory: string, kernel: Kernel, dimensions: number) {
    const { codes, scanner } = openScan(directory, kernel, dimensions);
    this.dimensions = dimensions;
    this.#codes = codes;
    this.#scanner = scanner;
  }

  get size(): number {
    return this.#codes.rows;
  }

  has(key: number): boolean {
    return this.#slots.slotOf(key) >= 0;
  }

  upsert(key: number, vector: Float32Array): void {
    this.#check(vector);
    if (!Number.isInteger(key) || key < 0 || key > LARGEST_KEY) {
      throw invalid(`${key} is no key of a vector.`, `Use an integer from 0 to ${LARGEST_KEY}.`);
    }
    const known = this.#slots.slotOf(key);
    const slot = known < 0 ? this.size : known;
    this.#codes.write(slot, vector);
    if (known < 0) this.#slots.set(key, slot);
  }

  remove(key: number): boolean {
    const slot = this.#slots.slotOf(key);
    if (slot < 0) return false;
    const moved = this.#slots.keyOf(this.size - 1);
    this.#codes.removeSwapping(slot);
    this.#slots.set(moved, slot);
    this.#slots.delete(key);
    return true;
  }

  async nearest(
    vector: Float32Array,
    limit: number,
    { read, allowed }: { readonly read?: VectorReader; readonly allowed?: (key: number) => boolean },
  ): Promise<readonly Neighbour[]> {
    this.#check(vector);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_NEIGHBOURS) {
      throw invalid(`${limit} neighbours cannot be asked for.`, `Ask for 1 to ${MOST_NEIGHBOURS}.`);
    }
    const begin = (): ApproximateScan => {
      const among = allowed && this.#slotsOf(allowed);
      this.#scanner.aim(vector);
      return {
        count: among?.length ?? this.size,
        best: capacity => this.#scanner.best(capacity, among),
        above: least => this.#scanner.above(least, among),
        keyOf: slot => this.#slots.keyOf(slot),
      };
    };
    if (!read) return byCodes(begin(), limit);
    const first = Math.max(FIRST_READS, Math.ceil(limit * FIRST_READS_EACH));
    return exactSearch(begin, vector, limit, first, read);
  }

  similarities(vector: Float32Array, keys: ArrayLike<number>): Float32Array {
    this.#check(vector);
    this.#scanner.aim(vector);
    return this.#scanner.similarities(Int32Array.from(keys, key => this.#slots.slotOf(key)));
  }

  printOf(key: number): number | undefined {
    const slot = this.#slots.slotOf(key);
    return slot < 0 ? undefined : this.#codes.printOf(slot);
  }

  snapshot(): Uint8Array {
    return encodeSnapshot({
      dimensions: this.dimensions,
      keys: this.#slots.keys(this.size),
      blocks: this.#codes.view(),
      accuracy: this.#codes.accuracy,
    });
  }

  load({ keys, blocks, accuracy }: ReturnType<typeof decodeSnapshot>): void {
    this.#codes.load(blocks, keys.length, accuracy);
    for (const [slot, key] of keys.entries()) this.#slots.set(key, slot);
  }

  [Symbol.dispose](): void {
    this.#codes.clear();
    this.#slots.clear();
  }

  /** undefined when all are allowed. */
  #slotsOf(allowed: (key: number) => boolean): Int32Array | undefined {
    const { size } = this;
    const slots = new Int32Array(size);
    let count = 0;
    for (let slot = 0; slot < size; slot++) {
      if (allowed(this.#slots.keyOf(slot))) slots[count++] = slot;
    }
    return count === size ? undefined : slots.subarray(0, count);
  }

  #check(vector: Float32Array): void {
    if (vector.length !== this.dimensions) {
      throw invalid(
        `A vector of ${vector.length} does not fit an index of ${this.dimensions}.`,
        'Vectors of different models are never mixed; use the model of the index.',
      );
    }
    // A sum that is finite has finite parts; one of float32 cannot overflow a double.
    let sum = 0;
    for (let i = 0; i < vector.length; i++) sum += Math.abs(vector[i]!);
    if (!Number.isFinite(sum)) {
      throw invalid(
        'A vector holds something that is no number.',
        'Compute it anew; the model may be damaged.',
      );
    }
  }
}

function invalid(message: string, fix: string): MemoryError {
  return new MemoryError('invalid_input', message, fix);
}
