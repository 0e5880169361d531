/** How much work may be spent, counted in steps of a few nanoseconds: the same inputs end at the same step everywhere. */
export class Steps {
  readonly #whole: Steps | undefined;
  #left: number;

  /** @param whole what these steps are taken from, too */
  constructor(most: number, whole?: Steps) {
    this.#left = most;
    this.#whole = whole;
  }

  get left(): number {
    return Math.max(0, Math.min(this.#left, this.#whole?.left ?? this.#left));
  }

  /** @returns whether that was still within the limit */
  spend(count: number): boolean {
    this.#left -= count;
    return (this.#whole?.spend(count) ?? true) && this.#left >= 0;
  }
}
