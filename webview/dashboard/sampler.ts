const PACE_MS = 3_000;
const SLOWEST_MS = 30_000;

/**
 * Takes a sample every three seconds while the page is seen; one that failed is tried again after twice as long, half a minute at most.
 * A page that is hidden has no life, or its window none.
 */
export class Sampler {
  readonly #take: () => Promise<boolean>;
  #timer: number | undefined;
  #pause = PACE_MS;
  #busy = false;
  #paused = false;

  /** @param take resolves to false where it failed */
  constructor(take: () => Promise<boolean>) {
    this.#take = take;
    document.addEventListener('visibilitychange', () => this.now());
  }

  get paused(): boolean {
    return this.#paused;
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    this.now();
  }

  /** One at once, and then at its pace. While one is on its way none begins. */
  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#busy && !this.#paused && document.visibilityState === 'visible') void this.#round();
  }

  async #round(): Promise<void> {
    this.#busy = true;
    const good = await this.#take();
    this.#busy = false;
    this.#pause = good ? PACE_MS : Math.min(2 * this.#pause, SLOWEST_MS);
    this.#timer = setTimeout(() => this.now(), this.#pause);
  }
}
