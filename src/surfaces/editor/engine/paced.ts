/** What takes long is asked for so much more rarely: a twentieth of the time at most, and once in ten seconds at least. */
const SHARE = 20;
const LONGEST_MS = 10_000;

/** Answers of a question that is asked again and again, each as fresh as its cost allows. Failures count as answers. */
export class Paced<T> {
  readonly #ask: () => Promise<T>;
  readonly #now: () => number;
  #answer: Promise<T> | undefined;
  /** When the answer may be asked for anew; infinite while it is on its way. */
  #until = 0;

  /** @param now milliseconds of a clock that never goes back */
  constructor(ask: () => Promise<T>, now: () => number = () => performance.now()) {
    this.#ask = ask;
    this.#now = now;
  }

  get(): Promise<T> {
    const start = this.#now();
    if (this.#answer && start < this.#until) return this.#answer;
    this.#until = Infinity;
    this.#answer = this.#ask().finally(() => {
      const took = this.#now() - start;
      this.#until = this.#now() + Math.min(SHARE * took, LONGEST_MS);
    });
    return this.#answer;
  }
}
