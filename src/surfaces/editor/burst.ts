/** What one deed changes is told of in several events. Milliseconds. */
const COLLECT_MS = 10;
/**
 * VS Code draws a tree at once when it is told of a change, and then waits until it was told of none for 200 ms (`Event.debounce(…, 200, true)`
 * in its src/vs/workbench/api/common/extHostTreeViews.ts): told again sooner, it would draw later. Milliseconds.
 */
const PAUSE_MS = 210;

/** Changes in quick succession are few: it runs soon after the first of them, and after a pause once more for all that came meanwhile. */
export class Burst {
  readonly #run: () => Promise<void>;
  readonly #pauseMs: number;
  #timer: NodeJS.Timeout | undefined;
  #ended = Number.NEGATIVE_INFINITY;
  #running = false;
  #again = false;
  #disposed = false;

  /**
   * @param run rejects never
   * @param pauseMs at least so long it does not run again
   */
  constructor(run: () => Promise<void>, pauseMs: number = PAUSE_MS) {
    this.#run = run;
    this.#pauseMs = pauseMs;
  }

  /** Something changed. */
  soon(): void {
    if (this.#running) this.#again = true;
    else if (!this.#disposed) this.#timer ??= setTimeout(() => void this.#go(), this.#waitMs());
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #waitMs(): number {
    return Math.max(COLLECT_MS, this.#ended + this.#pauseMs - performance.now());
  }

  async #go(): Promise<void> {
    this.#timer = undefined;
    this.#running = true;
    await this.#run();
    this.#running = false;
    this.#ended = performance.now();
    if (!this.#again) return;
    this.#again = false;
    this.soon();
  }
}
