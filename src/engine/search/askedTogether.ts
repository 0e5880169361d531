/** Questions of one turn: more would hold up for too long whoever asks for something else. */
const MOST = 16;

interface Asked<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Answers together what is asked while others wait for their turn, so that it is made ready once for all of them. Nobody is answered with what was
 * made ready before the question.
 */
export class AskedTogether<Q, A> {
  readonly #inTurn: (work: () => Promise<void>) => Promise<void>;
  readonly #makeReady: () => Promise<(question: Q) => Promise<A>>;
  readonly #asked: Asked<Q, A>[] = [];

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
      // Whoever asked before has a turn coming, which takes this along.
      if (this.#asked.length % MOST === 1) void this.#inTurn(() => this.#answer());
    });
  }

  async #answer(): Promise<void> {
    const asked = this.#asked.splice(0, MOST);
    try {
      const answer = await this.#makeReady();
      for (const { question, reject, resolve } of asked) await answer(question).then(resolve, reject);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
