import { PrometheusMetrics } from '../../adapters/prometheus/prometheusMetrics.ts';
import type { RedisConnection } from '../../adapters/redis/redisConnection.ts';
import type { Settings } from '../../config/settings.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Store } from '../../engine/ports/store.ts';
import type { Tracing } from '../../engine/ports/tracing.ts';
import type { Exposition } from '../../surfaces/http/metricsServer.ts';
import type { RequestWatch } from '../../surfaces/http/requestWatch.ts';
import type { CallTool } from '../../tools/callTool.ts';
import type { Instruments } from '../createEngine.ts';
import { redisOptions } from '../openStore.ts';
import { backupSample } from './backupSample.ts';
import { engineSamples } from './engineSamples.ts';
import { createInstruments } from './instruments.ts';
import { redisSample } from './redisSample.ts';
import { type Sample, Sampler } from './sampler.ts';
import { watchedCalls } from './watchedCalls.ts';
import { watchedRequests } from './watchedRequests.ts';

const HOUR_MS = 3_600_000;

export interface ObservabilityOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly tracing: Tracing;
  /** The engine that `instruments` are given to. */
  readonly engine: () => Promise<Engine>;
}

/** What an operator sees of a process: its metrics, its traces, and a line of log for each request and tool. */
export async function openObservability(options: ObservabilityOptions): Promise<Observability> {
  const redis = redisOptions(options.settings);
  if (!redis) return new Observability(options, undefined);
  // Most have no Redis, and start without its client.
  const { RedisConnection } = await import('../../adapters/redis/redisConnection.ts');
  return new Observability(
    options,
    new RedisConnection({ ...redis, prefix: options.settings['redis.prefix'] }),
  );
}

export class Observability implements AsyncDisposable {
  /** For the engine. */
  readonly instruments: Instruments;
  readonly #metrics = new PrometheusMetrics();
  readonly #options: ObservabilityOptions;
  readonly #sampler: Sampler;
  readonly #redis: RedisConnection | undefined;
  #integrity: NodeJS.Timeout | undefined;
  #store: Store | undefined;

  constructor(options: ObservabilityOptions, redis: RedisConnection | undefined) {
    const { engine, logger, settings, tracing } = options;
    this.#options = options;
    this.#redis = redis;
    this.instruments = createInstruments(this.#metrics, tracing, store => {
      this.#store = store;
    });
    this.#sampler = new Sampler(this.#metrics, logger, settings['metrics.sampleSeconds'] * 1000);
    const store = async () => {
      await engine();
      return this.#store!;
    };
    this.sample(...engineSamples({ engine, store }));
    if (redis) this.sample(redisSample(redis));
    const backupFile = settings['metrics.backupFile'];
    if (backupFile !== '') this.sample(backupSample(backupFile));
  }

  /** More that a scrape tells. */
  sample(...samples: readonly Sample[]): void {
    this.#sampler.add(...samples);
  }

  /** From now on search index and store are compared every `metrics.integrityHours`. For who searches: a worker would load an index for it. */
  compareRegularly(): void {
    const everyMs = this.#options.settings['metrics.integrityHours'] * HOUR_MS;
    if (everyMs > 0) this.#integrity ??= setInterval(() => void this.#verify(), everyMs).unref();
  }

  /** An attempt at a job has ended. @param outcome such as `completed`, `failed` or `dead` */
  jobEnded(name: string, outcome: string): void {
    this.#metrics.count('jobsDone', 1, name, outcome);
  }

  /** Does an attempt at a job, in a trace of its own. @param name of a job that there is */
  async job<T>(name: string, attempt: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await this.#options.tracing.request(
        `job ${name}`,
        undefined,
        { 'memory_central.job.name': name },
        attempt,
      );
    } finally {
      this.#metrics.took('jobSeconds', (performance.now() - began) / 1000, name);
    }
  }

  calls(call: CallTool, surface: string): CallTool {
    const { logger, tracing } = this.#options;
    return watchedCalls(call, surface, this.#metrics, tracing, logger);
  }

  requests(surface: string): RequestWatch {
    const { logger, tracing } = this.#options;
    return watchedRequests(surface, this.#metrics, tracing, logger);
  }

  /** All metrics; what has to be asked for is as old as `metrics.sampleSeconds` at most, unless it does not answer. */
  async scrape(): Promise<Exposition> {
    await this.#sampler.refresh();
    return { contentType: this.#metrics.contentType, text: await this.#metrics.text() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#integrity);
    await this.#redis?.[Symbol.asyncDispose]();
  }

  async #verify(): Promise<void> {
    const { engine, logger } = this.#options;
    try {
      await (await engine()).verifyIndex();
    } catch (error) {
      logger.warn('the search index was not compared with the store', { reason: (error as Error).message });
    }
  }
}
