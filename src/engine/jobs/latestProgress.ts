import type { JobProgress } from '../ports/jobQueue.ts';

/** A job may tell of each step: the queue is told so often at most. */
const PERIOD_MS = 500;

/** Writes how far an attempt is, one at a time; what came meanwhile is left out but for the newest. */
export class LatestProgress {
  readonly #write: (report: JobProgress) => Promise<unknown>;
  #next: JobProgress | undefined;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | number | undefined;
  #wroteAt = Number.NEGATIVE_INFINITY;

  /** @param write may reject: the next report is written all the same */
  constructor(write: (report: JobProgress) => Promise<unknown>) {
    this.#write = write;
  }

  tell(report: JobProgress): void {
    this.#next = report;
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    const wait = this.#wroteAt + PERIOD_MS - performance.now();
    this.#timer = setTimeout(() => void this.#flush(), Math.max(0, wait));
  }

  /** The last report is written, or could not be. */
  async end(): Promise<void> {
    await this.#writing;
    await this.#flush();
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer as NodeJS.Timeout);
    this.#timer = undefined;
    const report = this.#next;
    if (report === undefined) return;
    this.#next = undefined;
    this.#wroteAt = performance.now();
    this.#writing = this.#write(report).then(
      () => {},
      () => {},
    );
    await this.#writing;
    this.#writing = undefined;
    if (this.#next !== undefined) this.tell(this.#next);
  }
}
