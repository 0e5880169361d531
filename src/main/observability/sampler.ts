import type { MetricName } from '../../adapters/prometheus/metricDefinitions.ts';
import type { PrometheusMetrics, Reading } from '../../adapters/prometheus/prometheusMetrics.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { within } from '../../engine/within.ts';

/** A scrape waits so long for what is being read, and then tells what was read before. */
const PATIENCE_MS = 2_000;

/** Numbers that somebody has to be asked for. */
export interface Sample {
  /** Short, for metrics and log. */
  readonly name: string;
  /** What it reads; the others are left alone. */
  readonly metrics: readonly MetricName[];
  /** Not more often than this, ms; default: the sampler's. */
  readonly everyMs?: number;
  /** What is missing in its answer is absent in the scrape. */
  read(): Promise<Readonly<Partial<Record<MetricName, readonly Reading[]>>>>;
}

interface Planned extends Sample {
  at: number;
  running: Promise<void> | undefined;
}

/** Reads numbers when a scrape asks for them, however many scrapes there are at most once in a while; nobody asks, nothing is read. */
export class Sampler {
  readonly #metrics: PrometheusMetrics;
  readonly #logger: Logger;
  readonly #everyMs: number;
  readonly #samples: Planned[] = [];

  /** @param everyMs least time between two readings of the same */
  constructor(metrics: PrometheusMetrics, logger: Logger, everyMs: number) {
    this.#metrics = metrics;
    this.#logger = logger;
    this.#everyMs = everyMs;
  }

  add(...samples: readonly Sample[]): void {
    this.#samples.push(
      ...samples.map(sample => ({ ...sample, at: Number.NEGATIVE_INFINITY, running: undefined })),
    );
  }

  /** Resolves when all that is due was read, or after 2 s. */
  async refresh(): Promise<void> {
    const now = performance.now();
    for (const sample of this.#samples) {
      const pause = Math.max(sample.everyMs ?? 0, this.#everyMs);
      if (sample.running || now - sample.at < pause) continue;
      sample.at = now;
      sample.running = this.#read(sample).finally(() => {
        sample.running = undefined;
      });
    }
    const running = this.#samples.flatMap(({ running }) => running ?? []);
    if (running.length > 0) await within(Promise.all(running), PATIENCE_MS, () => []);
  }

  async #read(sample: Planned): Promise<void> {
    let found: Awaited<ReturnType<Sample['read']>> = {};
    try {
      found = await sample.read();
    } catch (error) {
      this.#metrics.count('sampleFailures', 1, sample.name);
      this.#logger.debug('not sampled', { sample: sample.name, reason: String(error) });
    }
    for (const metric of sample.metrics) this.#metrics.replace(metric, found[metric] ?? []);
  }
}
