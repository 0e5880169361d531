/** A turn ends with the question after this, ms: the rest waits for the next, and others are not held up for long. */
const TURN_MS = 40;

interface Asked<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Answers together what is asked while others have their turn, so that it is made ready once for all of them. Nobody is answered with what was
 * made ready before the question.
 */
export class AskedTogether<Q, A> {
  readonly #inTurn: (work: () => Promise<void>) => Promise<void>;
  readonly #makeReady: () => Promise<(question: Q) => Promise<A>>;
  #asked: Asked<Q, A>[] = [];
  /** A turn is to come. */
  #due = false;

  /**
   * @param inTurn does one work after the other
   * @param makeReady gives what answers one question after the other
   */
  constructor(
    inTurn: (work: () => Promise<void>) => Promise<void>,
    makeReady: () => Promise<(question: Q) => Promise<A>>,
  ) {
    this.#inTurn = inTurn;
    this.#makeReady = makeReady;
  }

  ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ question, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#due || this.#asked.length === 0) return;
    this.#due = true;
    void this.#inTurn(() => this.#answer());
  }

  async #answer(): Promise<void> {
    const asked = this.#asked;
    this.#asked = [];
    this.#due = false;
    try {
      const answer = await this.#makeReady();
      const ends = performance.now() + TURN_MS;
      do {
        const { question, reject, resolve } = asked.shift()!;
        await answer(question).then(resolve, reject);
      } while (asked.length > 0 && performance.now() < ends);
    } catch (error) {
      for (const { reject } of asked.splice(0)) reject(error);
    }
    this.#asked.unshift(...asked);
    this.#schedule();
  }
}
