import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricDefinition, type MetricName } from './metricDefinitions.ts';

/** Values of the labels that the definition names, in its order. */
export type LabelValues = readonly string[];

export interface Reading {
  readonly labels?: LabelValues;
  readonly value: number;
}

/** A metric with values of its labels: to make it takes the library longer than to note something. */
interface Series {
  observe?(value: number): void;
  inc?(by: number): void;
}

/** By one label after the other, which takes no text together. */
interface SeriesTree {
  series?: Series;
  readonly children: Map<string, SeriesTree>;
}

interface Labelled {
  labels(...values: string[]): Series;
}

/** Gauges of the library that are named as if they only grew. */
const MISNAMED = ['handles', 'requests', 'resources'].map(what => `nodejs_active_${what}_total`);

/** The numbers of this process, as Prometheus reads them. Noting one costs about a microsecond. */
export class PrometheusMetrics {
  readonly #registry = new Registry();
  readonly #histograms = new Map<MetricName, Histogram>();
  readonly #counters = new Map<MetricName, Counter>();
  readonly #gauges = new Map<MetricName, Gauge>();
  readonly #series = new Map<MetricName, SeriesTree>();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
    for (const [key, definition] of Object.entries(METRICS))
      this.#define(key as MetricName, definition as MetricDefinition);
  }

  /** Of the answer to a scrape. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** @param seconds >= 0 */
  took(metric: MetricName, seconds: number, ...labels: string[]): void {
    this.#seriesOf(this.#histograms, metric, labels).observe!(seconds);
  }

  count(metric: MetricName, by: number, ...labels: string[]): void {
    this.#seriesOf(this.#counters, metric, labels).inc!(by);
  }

  /** Adds to a gauge. @param by may be negative */
  move(metric: MetricName, by: number, ...labels: string[]): void {
    this.#seriesOf(this.#gauges, metric, labels).inc!(by);
  }

  /** From now on a gauge, or a counter that is counted elsewhere, has these values and no others. */
  replace(metric: MetricName, readings: readonly Reading[]): void {
    const gauge = this.#gauges.get(metric);
    const counter = this.#counters.get(metric);
    (gauge ?? counter)!.reset();
    // Resetting leaves a 0 where there are no labels, which would be told as if it had been read.
    if (METRICS[metric].labels.length === 0) (gauge ?? counter)!.remove();
    for (const { labels = [], value } of readings) {
      gauge?.labels(...labels).set(value);
      counter?.labels(...labels).inc(value);
    }
  }

  #seriesOf(kind: ReadonlyMap<MetricName, Labelled>, metric: MetricName, labels: string[]): Series {
    let tree = child(this.#series, metric);
    for (const label of labels) tree = child(tree.children, label);
    tree.series ??= kind.get(metric)!.labels(...labels);
    return tree.series;
  }

  #define(key: MetricName, { buckets, help, kind, labels, name }: MetricDefinition): void {
    const options = { name, help, labelNames: [...labels], registers: [this.#registry] };
    if (kind === 'histogram')
      this.#histograms.set(key, new Histogram({ ...options, buckets: [...buckets!] }));
    else if (kind === 'gauge') this.#gauges.set(key, new Gauge(options));
    else this.#counters.set(key, new Counter(options));
    // What nobody has read yet is unknown, and not 0.
    if (labels.length === 0 && (kind === 'gauge' || kind === 'reading')) this.replace(key, []);
  }
}

function child<Key>(children: Map<Key, SeriesTree>, key: Key): SeriesTree {
  const known = children.get(key);
  if (known) return known;
  const made: SeriesTree = { children: new Map() };
  children.set(key, made);
  return made;
}
