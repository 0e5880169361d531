/** One sender holds at most so many times as many places as are left: the next sender finds some, however many the others send. */
const SHARE = 3;

/** Lets in so many at a time. */
export class Turnstile {
  readonly most: number;
  readonly #held = new Map<string, number>();
  #inside = 0;

  constructor(most: number) {
    this.most = most;
  }

  /**
   * @param by whose share it is of; undefined: nobody's, such as of this machine's user
   * @returns leaves; again does nothing. undefined where there are as many as may be
   */
  enter(by?: string): (() => void) | undefined {
    const left = this.most - this.#inside;
    if (left <= 0 || this.#heldBy(by) >= SHARE * left) return undefined;
    this.#move(by, 1);
    let isInside = true;
    return () => {
      if (isInside) this.#move(by, -1);
      isInside = false;
    };
  }

  #heldBy(by: string | undefined): number {
    return by === undefined ? 0 : (this.#held.get(by) ?? 0);
  }

  #move(by: string | undefined, places: number): void {
    this.#inside += places;
    if (by === undefined) return;
    const held = this.#heldBy(by) + places;
    if (held > 0) this.#held.set(by, held);
    else this.#held.delete(by);
  }
}
