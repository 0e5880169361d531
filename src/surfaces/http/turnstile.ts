import { Shares } from './shares.ts';

/** Lets in so many at a time. */
export class Turnstile {
  readonly most: number;
  readonly #places: Shares;

  constructor(most: number) {
    this.most = most;
    this.#places = new Shares(most);
  }

  /**
   * @param by whose share it is of, as in `Shares`
   * @returns leaves; again does nothing. undefined where there are as many as may be
   */
  enter(by?: string): (() => void) | undefined {
    if (!this.#places.take(1, by)) return undefined;
    let isInside = true;
    return () => {
      if (isInside) this.#places.giveBack(1, by);
      isInside = false;
    };
  }
}
