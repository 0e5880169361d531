/** So many of the last measurements count. */
const KEPT = 256;

export interface Latency {
  /** How often, since the process began. */
  readonly count: number;
  /** Of the last 256, ms; 0 while there is none. */
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** How long something took, of late. Noting a measurement costs a few nanoseconds; sorting is left to whoever asks. */
export class Latencies {
  readonly #last = new Float64Array(KEPT);
  #count = 0;

  /** @param ms >= 0 */
  note(ms: number): void {
    this.#last[this.#count % KEPT] = ms;
    this.#count += 1;
  }

  get latency(): Latency {
    const sorted = this.#last.slice(0, Math.min(this.#count, KEPT)).sort();
    // The smallest that so many of a hundred do not exceed.
    const percentile = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
    return { count: this.#count, p50Ms: percentile(0.5), p95Ms: percentile(0.95) };
  }
}
