/** Lets in so many at a time. */
export class Turnstile {
  readonly most: number;
  #inside = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** @returns leaves; again does nothing. undefined where there are as many as may be */
  enter(): (() => void) | undefined {
    if (this.#inside >= this.most) return undefined;
    this.#inside += 1;
    let isInside = true;
    return () => {
      if (isInside) this.#inside -= 1;
      isInside = false;
    };
  }
}
