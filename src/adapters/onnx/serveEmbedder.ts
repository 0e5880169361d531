import { MemoryError } from '../../engine/errors.ts';
import type { EmbedderReply, EmbedRequest } from './embedderMessages.ts';
import { loadRuntime } from './loadRuntime.ts';
import { miniLm, miniLmTokens } from './miniLm.ts';
import { RequestQueue } from './requestQueue.ts';
import { SentenceModel } from './sentenceModel.ts';
import { verifyModel } from './verifyModel.ts';
import { loadWordPieces, type WordPieces } from './wordPieces.ts';

/** Longer than a caller takes for its next text; embedding a short one takes about twice as long. */
const LINGER_MS = 0.5;

/**
 * The embedding process: loads the model, then answers requests over the IPC channel until its parent closes that
 * channel or dies. Texts sent while the model loads wait.
 */
export async function serveEmbedder(options: {
  readonly modelDirectory: string;
  readonly device: 'auto' | 'wasm';
  readonly threads: number;
}): Promise<void> {
  // With the parent gone there is nobody to work for, and nothing here to save.
  process.once('disconnect', () => process.exit(0));
  // Ctrl+C reaches every process of a terminal; what becomes of us is our parent's decision.
  process.on('SIGINT', () => {});
  const queue = new RequestQueue();
  let wake: () => void = () => {};
  process.on('message', request => {
    queue.add(request as EmbedRequest);
    wake();
  });
  try {
    verifyModel(options.modelDirectory);
    const wordPieces = loadWordPieces(options.modelDirectory, miniLmTokens);
    const runtime = await loadRuntime(options.device);
    const model = await SentenceModel.load(runtime, options.modelDirectory, {
      dimensions: miniLm.dimensions,
      limit: miniLmTokens,
      threads: options.threads,
    });
    reply({ kind: 'ready', device: runtime.device });
    for (;;) {
      await answer(queue, wordPieces, model);
      await linger(queue);
      if (!queue.empty) continue;
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  } catch (error) {
    fail(error);
  }
}

/**
 * Waits for the next request awake for a moment: who asks one text after the other is answered 4 to 10 % sooner (measured
 * on two cores), since a processor core that slept is slow at first.
 */
async function linger(queue: RequestQueue): Promise<void> {
  const end = performance.now() + LINGER_MS;
  while (queue.empty && performance.now() < end) await new Promise(resolve => setImmediate(resolve));
}

/** Works until the queue is empty. Between two texts the event loop turns, so an urgent request waits for one text at most. */
async function answer(queue: RequestQueue, wordPieces: WordPieces, model: SentenceModel): Promise<void> {
  const parts = new Map<number, Float32Array>();
  for (let next = queue.next(); next !== undefined; next = queue.next()) {
    const { request, index, last } = next;
    try {
      const vector = await model.embed(wordPieces(request.texts[index]!));
      let vectors = vector;
      if (request.texts.length > 1) {
        vectors = parts.get(request.id) ?? new Float32Array(request.texts.length * miniLm.dimensions);
        parts.set(request.id, vectors);
        vectors.set(vector, index * miniLm.dimensions);
      }
      if (last) reply({ kind: 'vectors', id: request.id, vectors });
    } catch (error) {
      reply({ kind: 'refused', id: request.id, message: (error as Error).message });
    }
    if (last) parts.delete(request.id);
  }
}

function fail(error: unknown): void {
  const { message, fix } = MemoryError.is(error)
    ? error
    : {
        message: `The embedding model cannot be loaded: ${(error as Error).message}`,
        fix: 'Install Memory Central again.',
      };
  process.send!({ kind: 'failed', message, fix } satisfies EmbedderReply, () => process.exit(0));
}

function reply(message: EmbedderReply): void {
  // A parent that is gone shows as `disconnect`; a failed send needs no second report.
  process.send!(message, () => {});
}
