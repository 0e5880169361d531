import { MemoryError } from '../../engine/errors.ts';
import type {
  Neighbour,
  VectorIndex,
  VectorIndexFactory,
  VectorReader,
} from '../../engine/ports/vectorIndex.ts';
import { type Candidate, Codes, MOST_CANDIDATES } from './codes.ts';
import { bestKernel, type Kernel } from './scanModule.ts';

/** "MCV1" */
const MAGIC = 0x3156434d;
const HEADER_BYTES = 16;
/** Candidates re-ranked at first, for each neighbour asked for; raised until the certificate holds. */
const FIRST_CANDIDATES = 40;
const RAISE = 3;

/** @param directory where the build put the WebAssembly @param kernel for tests; default: the best this runtime has */
export function createVectorIndexFactory(options: {
  readonly directory: string;
  readonly kernel?: Kernel;
}): VectorIndexFactory {
  const { directory, kernel = bestKernel() } = options;
  return {
    create(dimensions) {
      if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > 4096) {
        throw new MemoryError('invalid_input', `${dimensions} is no dimension of vectors.`, 'Use 1 to 4096.');
      }
      return new WasmVectorIndex(new Codes(directory, kernel, dimensions));
    },
    restore: bytes => restore(bytes, dimensions => new Codes(directory, kernel, dimensions)),
  };
}

/** An exact scan: int8 codes of every row, then float32 of the best, until no other row can be among them. */
class WasmVectorIndex implements VectorIndex {
  readonly dimensions: number;
  readonly #codes: Codes;
  #keys = new Uint32Array(64);
  /** Slot of a key, plus one; 0 for none. */
  #slots = new Int32Array(64);

  constructor(codes: Codes, keys?: Uint32Array) {
    this.#codes = codes;
    this.dimensions = codes.dimensions;
    if (!keys) return;
    this.#keys = keys as Uint32Array<ArrayBuffer>;
    for (const [slot, key] of keys.entries()) this.#setSlot(key, slot);
  }

  get size(): number {
    return this.#codes.rows;
  }

  has(key: number): boolean {
    return this.#slotOf(key) >= 0;
  }

  upsert(key: number, vector: Float32Array): void {
    this.#check(vector);
    let slot = this.#slotOf(key);
    if (slot < 0) {
      slot = this.#codes.rows;
      if (slot >= this.#keys.length) this.#keys = enlarged(this.#keys, slot + 1);
      this.#keys[slot] = key;
      this.#setSlot(key, slot);
    }
    this.#codes.write(slot, vector);
  }

  remove(key: number): boolean {
    const slot = this.#slotOf(key);
    if (slot < 0) return false;
    const moved = this.#keys[this.#codes.rows - 1]!;
    this.#codes.removeSwapping(slot);
    this.#keys[slot] = moved;
    this.#slots[moved] = slot + 1;
    this.#slots[key] = 0;
    return true;
  }

  async nearest(
    vector: Float32Array,
    limit: number,
    options: { readonly read: VectorReader; readonly allowed?: (key: number) => boolean },
  ): Promise<readonly Neighbour[]> {
    this.#check(vector);
    const codes = this.#codes;
    const { allowed, read } = options;
    const eligible = allowed ? codes.mask(slot => allowed(this.#keys[slot]!)) : codes.rows;
    const masked = eligible < codes.rows;
    if (eligible === 0) return [];
    const exact = new Map<number, number>();
    for (let wanted = Math.max(FIRST_CANDIDATES, limit * 2); ; wanted *= RAISE) {
      const capacity = Math.min(wanted, eligible, MOST_CANDIDATES);
      codes.aim(vector);
      const candidates = codes.best(capacity, masked);
      await this.#rerank(candidates, vector, exact, read);
      const neighbours = this.#ordered(exact, limit);
      const last = neighbours[Math.min(limit, neighbours.length) - 1]!.score;
      const root = candidates.reduce((least, { score }) => Math.min(least, score), Number.POSITIVE_INFINITY);
      // No row outside the candidates scores above the least of them; so none can truly reach the last neighbour.
      if (capacity === eligible || root + codes.bound < last) return neighbours;
      if (capacity === MOST_CANDIDATES)
        return this.#everything(vector, limit, read, masked ? allowed : undefined);
    }
  }

  similarities(vector: Float32Array, keys: ArrayLike<number>): Float32Array {
    this.#check(vector);
    this.#codes.aim(vector);
    return this.#codes.similarities(Int32Array.from(keys, key => this.#slotOf(key)));
  }

  snapshot(): Uint8Array {
    const rows = this.#codes.bytes();
    const bytes = new Uint8Array(HEADER_BYTES + this.size * 4 + rows.length);
    const header = new DataView(bytes.buffer);
    header.setUint32(0, MAGIC, true);
    header.setUint32(4, this.dimensions, true);
    header.setUint32(8, this.size, true);
    header.setFloat32(12, this.#codes.rowError, true);
    bytes.set(new Uint8Array(this.#keys.buffer, 0, this.size * 4), HEADER_BYTES);
    bytes.set(rows, HEADER_BYTES + this.size * 4);
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#keys = new Uint32Array(0);
    this.#slots = new Int32Array(0);
    this.#codes.rows = 0;
  }

  async #rerank(
    candidates: readonly Candidate[],
    vector: Float32Array,
    exact: Map<number, number>,
    read: VectorReader,
  ): Promise<void> {
    const fresh = candidates.map(({ slot }) => this.#keys[slot]!).filter(key => !exact.has(key));
    const vectors = await read(fresh);
    for (const [i, key] of fresh.entries()) exact.set(key, dot(vector, vectors, i * this.dimensions));
  }

  #ordered(exact: ReadonlyMap<number, number>, limit: number): readonly Neighbour[] {
    return Array.from(exact, ([key, score]) => ({ key, score }))
      .sort((a, b) => b.score - a.score || a.key - b.key)
      .slice(0, limit);
  }

  /** More rows are nearly alike than a heap holds: every one is read. */
  async #everything(
    vector: Float32Array,
    limit: number,
    read: VectorReader,
    allowed: ((key: number) => boolean) | undefined,
  ): Promise<readonly Neighbour[]> {
    const exact = new Map<number, number>();
    const slots = Array.from({ length: this.size }, (_, slot) => slot).filter(
      slot => !allowed || allowed(this.#keys[slot]!),
    );
    for (let i = 0; i < slots.length; i += 1000) {
      const part = slots.slice(i, i + 1000).map(slot => ({ slot, score: 0 }));
      await this.#rerank(part, vector, exact, read);
    }
    return this.#ordered(exact, limit);
  }

  #slotOf(key: number): number {
    return (this.#slots[key] ?? 0) - 1;
  }

  #setSlot(key: number, slot: number): void {
    if (key >= this.#slots.length) this.#slots = enlarged(this.#slots, key + 1);
    this.#slots[key] = slot + 1;
  }

  #check(vector: Float32Array): void {
    if (vector.length === this.dimensions) return;
    throw new MemoryError(
      'invalid_input',
      `A vector of ${vector.length} does not fit an index of ${this.dimensions}.`,
      'Vectors of different models are never mixed; use the model of the index.',
    );
  }
}

function dot(a: Float32Array, b: Float32Array, offset: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * (b[offset + i] ?? 0);
  return sum;
}

function enlarged<T extends Uint32Array | Int32Array>(array: T, length: number): T {
  const bigger = new (array.constructor as new (length: number) => T)(
    Math.max(length, Math.ceil(array.length * 1.5)),
  );
  bigger.set(array);
  return bigger;
}

function restore(bytes: Uint8Array, create: (dimensions: number) => Codes): VectorIndex {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || header.getUint32(0, true) !== MAGIC) throw damaged();
  const dimensions = header.getUint32(4, true);
  const rows = header.getUint32(8, true);
  if (dimensions < 1 || dimensions > 4096) throw damaged();
  const codes = create(dimensions);
  const keysEnd = HEADER_BYTES + rows * 4;
  if (bytes.length !== keysEnd + codes.layout.bytes(rows)) throw damaged();
  const keys = new Uint32Array(bytes.slice(HEADER_BYTES, keysEnd).buffer);
  codes.load(bytes.subarray(keysEnd), rows);
  codes.rowError = header.getFloat32(12, true);
  return new WasmVectorIndex(codes, keys);
}

function damaged(): MemoryError {
  return new MemoryError(
    'unavailable',
    'The vector snapshot is damaged or of another format.',
    'Build it anew.',
  );
}
