import type { PrometheusMetrics } from '../../adapters/prometheus/prometheusMetrics.ts';
import type { Store } from '../../engine/ports/store.ts';
import type { Tracing } from '../../engine/ports/tracing.ts';
import type { Instruments } from '../createEngine.ts';
import { measuredEmbedder } from './measuredEmbedder.ts';
import { measuredStore } from './measuredStore.ts';
import { outcomeOf } from './watchedCalls.ts';

/** Failures of the store itself; what it refuses is an answer. */
const FAILURES = new Set(['unavailable', 'internal']);

/** @param onStore is handed the store as it is, to ask it what nobody waits for */
export function createInstruments(
  metrics: PrometheusMetrics,
  tracing: Tracing,
  onStore: (store: Store) => void,
): Instruments {
  return {
    observer: {
      searched: ms => metrics.took('searchSeconds', ms / 1000),
      verified({ repaired }) {
        metrics.replace('indexMismatches', [{ value: repaired.length }]);
        metrics.replace('indexVerified', [{ value: Date.now() / 1000 }]);
      },
    },
    async store(store) {
      onStore(store);
      const driver = store.central ? 'redis' : (await store.report()).driver;
      const system = driver === 'redis' ? 'redis' : 'sqlite';
      return measuredStore(store, async (operation, call) => {
        const began = performance.now();
        try {
          const attributes = { 'db.system.name': system, 'db.operation.name': operation };
          return await tracing.step(`store ${operation}`, attributes, call);
        } catch (error) {
          if (FAILURES.has(outcomeOf(error))) metrics.count('storeFailures', 1, driver, operation);
          throw error;
        } finally {
          metrics.took('storeSeconds', (performance.now() - began) / 1000, driver, operation);
        }
      });
    },
    embedder: embedder =>
      measuredEmbedder(embedder, async (texts, model, call) => {
        const began = performance.now();
        try {
          const attributes = {
            'gen_ai.operation.name': 'embeddings',
            'gen_ai.request.model': model,
            'memory_central.embedding.texts': texts,
          };
          const vectors = await tracing.step('embeddings', attributes, call);
          metrics.count('embeddedTexts', texts);
          return vectors;
        } catch (error) {
          if (outcomeOf(error) !== 'cancelled') metrics.count('embeddingFailures', 1);
          throw error;
        } finally {
          const kind = texts === 1 ? 'one' : 'batch';
          metrics.took('embeddingSeconds', (performance.now() - began) / 1000, kind);
        }
      }),
  };
}
