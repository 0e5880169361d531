import { MemoryError } from '../errors.ts';

/** One piece of work that several wait for, each as long as it likes; it is broken off when none waits any more. */
export class SharedFlight<T> {
  readonly #result: Promise<T>;
  readonly #stop = new AbortController();
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#stop.signal);
    // Whoever joins is told.
    this.#result.catch(() => {});
  }

  /** Nobody waits for it, and nobody may join it. */
  get abandoned(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Rejects as the work does, and with `cancelled` when the signal fires before its end. */
  async join(signal?: AbortSignal): Promise<T> {
    this.#waiting += 1;
    let leave = () => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        this.#waiting -= 1;
        // The last one hears of the work itself how it ended.
        if (this.#waiting === 0) this.#stop.abort(signal?.reason);
        else reject(new MemoryError('cancelled', 'The wait was stopped.', 'Ask again.'));
      };
    });
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([this.#result, left]);
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }
}
