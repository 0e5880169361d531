import type { MemoryError } from '../../../engine/errors.ts';

/** What a request's work hears of whoever waits for its answer. Signals are made when they are asked for: most work never does. */
export class RequestSignals implements Disposable {
  readonly #over = new AbortController();
  readonly #patient: AbortController = new AbortController();
  readonly #until: number;
  #soon: NodeJS.Timeout | undefined;

  /** @param patienceMs from now on */
  constructor(patienceMs: number) {
    this.#until = performance.now() + patienceMs;
  }

  /** Fires when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Fires when the answer has to be what is known by then. */
  get patience(): AbortSignal {
    this.#soon ??= setTimeout(() => this.#patient.abort(), Math.max(0, this.#until - performance.now()));
    return this.#patient.signal;
  }

  /** Whoever waits is to be answered now. */
  hurry(): void {
    this.#patient.abort();
  }

  end(reason: MemoryError): void {
    this.#over.abort(reason);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#soon);
  }
}
