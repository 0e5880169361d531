/** Gives each string a small number, from 1; 0 stands for none. */
export class Interner {
  readonly #numbers = new Map<string, number>();
  readonly #strings: string[] = [''];

  constructor(strings: readonly string[] = []) {
    for (const text of strings) this.of(text);
  }

  of(text: string | null): number {
    if (text === null) return 0;
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#strings.length;
      this.#strings.push(text);
      this.#numbers.set(text, number);
    }
    return number;
  }

  /** undefined when the string was never seen. */
  find(text: string): number | undefined {
    return this.#numbers.get(text);
  }

  /** How many strings there are, that of 0 not counted. */
  get size(): number {
    return this.#numbers.size;
  }

  /** All strings but that of 0, in the order of their numbers. */
  strings(): readonly string[] {
    return this.#strings.slice(1);
  }
}
