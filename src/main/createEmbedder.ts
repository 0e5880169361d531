import { releaseMemory } from '../adapters/node/releaseMemory.ts';
import { miniLm } from '../adapters/onnx/miniLm.ts';
import { createOnnxEmbedder } from '../adapters/onnx/onnxEmbedder.ts';
import { createOpenAiEmbedder } from '../adapters/openai/openaiEmbedder.ts';
import type { Settings } from '../config/settings.ts';
import type { BoundedCache } from '../engine/caches/boundedCache.ts';
import { createCachedEmbedder } from '../engine/embedding/cachedEmbedder.ts';
import { hasCaughtUp } from '../engine/embedding/hasCaughtUp.ts';
import { MemoryError } from '../engine/errors.ts';
import type { Embedder } from '../engine/ports/embedder.ts';
import type { EmbeddingStore } from '../engine/ports/embeddingStore.ts';
import type { Logger } from '../engine/ports/logger.ts';
import { builtFile, mediaFile } from './assets.ts';

export interface EmbedderOptions {
  readonly store: EmbeddingStore;
  readonly settings: Settings;
  readonly vectors: BoundedCache<Float32Array>;
  readonly logger: Logger;
  /** Put between the cache and the model. */
  readonly measured?: (model: Embedder) => Embedder;
}

/** The embedder that the settings ask for; undefined when they ask for none. Nothing is loaded or asked yet. */
export async function createEmbedder(options: EmbedderOptions): Promise<Embedder | undefined> {
  const { logger, settings, store } = options;
  switch (providerOf(settings)) {
    case 'off':
      return undefined;
    case 'local':
      return cached(local(settings, logger), options);
    case 'openai':
      return cached(await openAi(store, settings), options);
  }
}

/**
 * The embedder of the model that served before, when the new one has vectors to catch up with; so recall stays hybrid meanwhile.
 * undefined when there is none, or it cannot be had any more.
 */
export async function createOutgoingEmbedder(
  options: EmbedderOptions,
  incoming: Embedder,
): Promise<Embedder | undefined> {
  const { logger, settings, store } = options;
  const others = (await store.models()).filter(
    ({ model, count }) => model !== incoming.model.id && count > 0,
  );
  if (others.length === 0 || (await hasCaughtUp(store, incoming.model.id))) return undefined;
  if (others.some(({ model }) => model === miniLm.id)) return cached(local(settings, logger), options);
  return undefined;
}

/** A model of another name than the shipped one is an endpoint's. */
export function providerOf(settings: Settings): 'local' | 'openai' | 'off' {
  const provider = settings['embedding.provider'];
  if (provider !== 'auto') return provider;
  return ['', 'all-MiniLM-L6-v2', miniLm.id].includes(settings['embedding.model']) ? 'local' : 'openai';
}

function cached(model: Embedder, { measured = same => same, vectors }: EmbedderOptions): Embedder {
  return createCachedEmbedder(measured(model), vectors);
}

function local(settings: Settings, logger: Logger): Embedder {
  return createOnnxEmbedder({
    program: builtFile('embedder.js'),
    modelDirectory: mediaFile('models', 'all-MiniLM-L6-v2'),
    idleMs: settings['embedding.idleSeconds'] * 1000,
    onIdle: releaseMemory,
    logger,
  });
}

async function openAi(store: EmbeddingStore, settings: Settings): Promise<Embedder> {
  const model = settings['embedding.model'];
  if (model === '') {
    throw new MemoryError(
      'invalid_input',
      'The setting embedding.provider is openai, and no model is named.',
      'Set embedding.model (EMBEDDING_MODEL), such as text-embedding-3-small.',
    );
  }
  const options = { baseUrl: settings['embedding.baseUrl'], apiKey: settings['embedding.apiKey'], model };
  if (settings['embedding.dimensions'] > 0) {
    return createOpenAiEmbedder({ ...options, dimensions: settings['embedding.dimensions'] });
  }
  const embedder = createOpenAiEmbedder(options);
  if (embedder.model.dimensions > 0) return embedder;
  // The endpoint may be down, and the memory has to open without it.
  const known = (await store.models()).find(one => one.model === embedder.model.id);
  return known ? createOpenAiEmbedder({ ...options, dimensions: known.dimensions }) : embedder;
}
