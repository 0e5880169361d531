import type { Row, RowPage } from '../../src/surfaces/editor/webviews/messages/browserProtocol.ts';

/** More than are in sight; each key of a search costs as many. */
export const PAGE = 50;
/** So many rows before the end of what was found, more is looked for. */
const AHEAD = 20;

export type FetchPage = (offset: number, limit: number, signal: AbortSignal) => Promise<RowPage>;

/** Rows of one question, of which those in sight are fetched. */
export class PagedRows {
  readonly #fetch: FetchPage;
  readonly #stop = new AbortController();
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #underway = new Set<number>();
  #total = 0;
  #more = false;
  #mode: RowPage['mode'] = 'list';
  #problem: string | undefined;

  constructor(fetch: FetchPage) {
    this.#fetch = fetch;
  }

  get total(): number {
    return this.#total;
  }

  /** There may be more than `total`. */
  get more(): boolean {
    return this.#more;
  }

  get mode(): RowPage['mode'] {
    return this.#mode;
  }

  /** Why the search went by words only. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** undefined: not fetched yet */
  row(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** -1: not among those that are here */
  indexOf(id: string): number {
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex(row => row.id === id);
      if (at >= 0) return page * PAGE + at;
    }
    return -1;
  }

  /** The first page, and the one around this row. Rejects with what the host refuses, and with `AbortError` after `stop`. */
  async begin(around: number): Promise<void> {
    const pages = [...new Set([0, Math.floor(around / PAGE)])];
    await Promise.all(pages.map(page => this.#load(page)));
  }

  /** Fetches what is missing of these rows, the last included, and more where they are near the end. @returns whether anything came */
  async need(first: number, last: number): Promise<boolean> {
    const end = this.#more && last >= this.#total - AHEAD ? this.#total + PAGE - 1 : last;
    const wanted: number[] = [];
    for (let page = Math.floor(first / PAGE); page <= Math.floor(end / PAGE); page++)
      if (!this.#pages.has(page) && !this.#underway.has(page)) wanted.push(page);
    await Promise.all(wanted.map(page => this.#load(page)));
    return wanted.length > 0;
  }

  /** Nobody looks at them any more. */
  stop(): void {
    this.#stop.abort();
  }

  async #load(page: number): Promise<void> {
    this.#underway.add(page);
    try {
      const answer = await this.#fetch(page * PAGE, PAGE, this.#stop.signal);
      this.#stop.signal.throwIfAborted();
      this.#pages.set(page, answer.rows);
      // A search knows no total: it grows with how far one looks.
      const grows = answer.mode !== 'list' && answer.total < this.#total;
      if (!grows) {
        this.#total = answer.total;
        this.#more = answer.more;
      }
      this.#mode = answer.mode;
      this.#problem = answer.problem;
    } finally {
      this.#underway.delete(page);
    }
  }
}
