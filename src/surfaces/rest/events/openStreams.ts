import { RequestRefused } from '../requests/requestRefused.ts';

/** Streams that are open at once, of both kinds. */
export class OpenStreams {
  readonly #most: number;
  #open = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns ends it; again does nothing. Throws 429 when there are too many. */
  add(): () => void {
    if (this.#open >= this.#most)
      throw new RequestRefused(
        429,
        'overloaded',
        `${this.#most} streams of events are open already.`,
        'Come again later, or ask now and then: GET /v1/events with Accept: application/json.',
        { 'retry-after': '10' },
      );
    this.#open += 1;
    let isOpen = true;
    return () => {
      if (isOpen) this.#open -= 1;
      isOpen = false;
    };
  }
}
