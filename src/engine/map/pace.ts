import { breathe } from '../search/breathe.ts';

/** Others wait for the thread at most about so long. */
const SLICE_MS = 8;

/** Of work that takes long and must not hold the thread: others run between its slices, and it ends when nobody waits for it. */
export class Pace {
  readonly #sliceMs: number;
  readonly #signal: AbortSignal;
  #began = performance.now();

  /** @param sliceMs how long a slice is, about */
  constructor(signal: AbortSignal, sliceMs = SLICE_MS) {
    this.#sliceMs = sliceMs;
    this.#signal = signal;
  }

  /** Called between steps of less than a millisecond. Rejects with the reason once the signal fired. */
  async step(): Promise<void> {
    if (performance.now() - this.#began < this.#sliceMs) return;
    await breathe();
    this.#signal.throwIfAborted();
    this.#began = performance.now();
  }
}
