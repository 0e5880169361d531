/** One sender holds at most so many times as much as is left: the next sender finds some, however much the others take. */
const SHARE = 3;

/** So much of something, which senders hold for a while. */
export class Shares {
  readonly #held = new Map<string, number>();
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  /**
   * @param by whose share it is of; undefined: nobody's, such as of this machine's user
   * @returns whether there was so much; else nothing is taken
   */
  take(amount: number, by: string | undefined): boolean {
    if (amount > this.#left || this.#heldBy(by) >= SHARE * this.#left) return false;
    this.#move(amount, by);
    return true;
  }

  giveBack(amount: number, by: string | undefined): void {
    this.#move(-amount, by);
  }

  #heldBy(by: string | undefined): number {
    return by === undefined ? 0 : (this.#held.get(by) ?? 0);
  }

  #move(amount: number, by: string | undefined): void {
    this.#left -= amount;
    if (by === undefined) return;
    const held = this.#heldBy(by) + amount;
    if (held > 0) this.#held.set(by, held);
    else this.#held.delete(by);
  }
}
