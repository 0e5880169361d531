/** Keys of one page. */
const PAGE = 4096;

/** Which slot a key has and which key a slot: 8 bytes a row where the keys are dense. */
export class KeySlots {
  #keys: Uint32Array<ArrayBuffer> = new Uint32Array(64);
  /** Pages of slots by key, each slot plus one; 0 for none. */
  readonly #pages = new Map<number, Int32Array>();

  /** -1 when the key has none. */
  slotOf(key: number): number {
    return (this.#pages.get(Math.floor(key / PAGE))?.[key % PAGE] ?? 0) - 1;
  }

  /** Meaningless beyond the last slot. */
  keyOf(slot: number): number {
    return this.#keys[slot]!;
  }

  /** @param key integer, 0 to 2^32 - 1 */
  set(key: number, slot: number): void {
    if (slot >= this.#keys.length) {
      const keys = new Uint32Array(Math.ceil(slot * 1.25) + 64);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    this.#keys[slot] = key;
    const number = Math.floor(key / PAGE);
    const page = this.#pages.get(number) ?? new Int32Array(PAGE);
    page[key % PAGE] = slot + 1;
    this.#pages.set(number, page);
  }

  delete(key: number): void {
    const page = this.#pages.get(Math.floor(key / PAGE));
    if (page) page[key % PAGE] = 0;
  }

  /** Keys of the first `count` slots: valid until the next change. */
  keys(count: number): Uint32Array {
    return this.#keys.subarray(0, count);
  }

  clear(): void {
    this.#pages.clear();
    this.#keys = new Uint32Array(64);
  }
}
