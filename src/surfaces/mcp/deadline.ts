import { MemoryError } from '../../engine/errors.ts';

/** No call waits for ever: it ends when the client gives up, or after so long without a sign of progress. */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #idleMs: number;
  readonly #what: string;
  #timer: NodeJS.Timeout | undefined;

  /** Fires with the client's reason, or with an `unavailable` error. */
  readonly signal: AbortSignal;

  /** @param what is named in the error @param idleMs milliseconds without progress */
  constructor(what: string, idleMs: number, given: AbortSignal) {
    this.#what = what;
    this.#idleMs = idleMs;
    this.signal = AbortSignal.any([given, this.#controller.signal]);
    this.progress();
  }

  /** The work goes on: the time begins anew. */
  progress(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(this.#tooLong()), this.#idleMs);
  }

  /** Settles like the work, or rejects as soon as the signal fires, even if the work takes no notice of it. */
  async race<T>(work: Promise<T>): Promise<T> {
    let abort = () => {};
    const given = new Promise<never>((_, reject) => {
      abort = () => reject(this.signal.reason);
      this.signal.addEventListener('abort', abort, { once: true });
      if (this.signal.aborted) abort();
    });
    try {
      return await Promise.race([work, given]);
    } finally {
      this.signal.removeEventListener('abort', abort);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #tooLong(): MemoryError {
    return new MemoryError(
      'unavailable',
      `${this.#what} made no progress for ${this.#idleMs / 1000} s and was given up; what it had begun may still be done.`,
      'Look before you repeat it, and do less at a time.',
    );
  }
}
