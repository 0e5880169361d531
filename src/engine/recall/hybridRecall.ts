import { MemoryError } from '../errors.ts';
import { Latencies } from '../health/latencies.ts';
import { type Caller, EVERYBODY, viewerOf } from '../model/caller.ts';
import type { Memory } from '../model/memory.ts';
import type { ReviewGate } from '../model/reviewGate.ts';
import type { Clock } from '../ports/clock.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { EngineObserver } from '../ports/engineObserver.ts';
import type { MemoryIndex } from '../ports/memoryIndex.ts';
import type { MemoryStore } from '../ports/memoryStore.ts';
import type { SearchHit, SearchQuery } from '../search/searchQuery.ts';
import type { Recall, RecallAnswer, RecallQuery } from './recall.ts';

/** Why recall goes by words when no model was asked for. */
export const SWITCHED_OFF = 'embeddings are switched off by the setting embedding.provider';

export interface HybridRecallOptions {
  readonly store: MemoryStore;
  readonly index: MemoryIndex;
  /** The embedder whose vectors the index holds; undefined: words only. It changes when another model takes over. */
  readonly embedder: () => Embedder | undefined;
  readonly clock: Clock;
  /** Longest wait for the question's embedding, ms. */
  readonly deadlineMs: number;
  /** What becomes of memories that no person has reviewed. */
  readonly gate: ReviewGate;
  readonly observer?: EngineObserver | undefined;
}

/** Recall by words and meaning; by words alone, and saying so, when the question's embedding fails or takes too long. */
export class HybridRecall implements Recall {
  readonly #options: HybridRecallOptions;
  /** How long questions took as a whole, and their vectors of that. */
  readonly took = { search: new Latencies(), embedding: new Latencies() };
  #problem: string | undefined;

  constructor(options: HybridRecallOptions) {
    this.#options = options;
  }

  /** Why the last recall was lexical; undefined when it was not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  async search(query: RecallQuery, caller: Caller, signal: AbortSignal): Promise<RecallAnswer> {
    const began = performance.now();
    const { vector, problem } = query.balance === 0 ? {} : await this.#embed(query.text, signal);
    const { browsing = false, ...wanted } = query;
    const hits = await this.#options.index.search({
      ...this.#searchQuery(wanted, caller),
      ...(vector && { vector }),
    });
    this.#problem = problem;
    const answer = await this.#answer(hits, caller, problem, browsing);
    const ms = performance.now() - began;
    this.took.search.note(ms);
    this.#options.observer?.searched(ms);
    return answer;
  }

  async similar(
    id: string,
    query: Omit<RecallQuery, 'text'>,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<RecallAnswer> {
    const { index, store } = this.#options;
    const [memory] = await store.get([id], viewerOf(caller));
    if (!memory) {
      throw new MemoryError(
        'not_found',
        `There is no memory "${id}" that you may see.`,
        'Use an id from semantic_search.',
      );
    }
    const wanted = { ...query, text: memory.content, limit: query.limit + 1 };
    const near = await index.near(id, this.#searchQuery(wanted, caller));
    const answer = near
      ? await this.#answer(near, caller, undefined)
      : await this.search({ ...wanted, text: memory.content.slice(0, 2000) }, caller, signal);
    return { ...answer, memories: answer.memories.filter(one => one.memory.id !== id).slice(0, query.limit) };
  }

  async #embed(text: string, signal: AbortSignal): Promise<{ vector?: Float32Array; problem?: string }> {
    const embedder = this.#options.embedder();
    if (!embedder) return { problem: SWITCHED_OFF };
    const { deadlineMs, index } = this.#options;
    const deadline = AbortSignal.timeout(deadlineMs);
    const began = performance.now();
    try {
      const [vector] = await embedder.embed([text], AbortSignal.any([signal, deadline]));
      this.took.embedding.note(performance.now() - began);
      if (!vector) return { problem: 'the model gave no vector' };
      // It may have learnt only now how long its vectors are.
      if (index.model?.id !== embedder.model.id) await index.useModel(embedder.model);
      return { vector };
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.aborted && !MemoryError.is(error, 'unavailable'))
        return { problem: `the question's embedding took longer than ${deadlineMs} ms` };
      if (!MemoryError.is(error)) throw error;
      return { problem: `${error.message} ${error.fix}` };
    }
  }

  #searchQuery(query: RecallQuery, caller: Caller): SearchQuery {
    const viewer = viewerOf(caller);
    const unreviewedOf = viewer.unreviewedOf ?? viewer.principal;
    return {
      ...query,
      ...{ viewer, now: this.#options.clock.now() },
      ...(this.#options.gate === 'hold' && unreviewedOf !== EVERYBODY && { unreviewedOf }),
    };
  }

  async #answer(
    hits: readonly SearchHit[],
    caller: Caller,
    problem: string | undefined,
    browsing = false,
  ): Promise<RecallAnswer> {
    const { clock, gate, index, store } = this.#options;
    const ids = hits.map(hit => hit.id);
    // The store has the last word on what exists and who may see it.
    const memories = await index.memories(ids, viewerOf(caller));
    if (!browsing) store.touch(ids, clock.now(), caller.principal.id);
    return {
      memories: hits.flatMap(({ score, parts }, i) => {
        const memory: Memory | undefined = memories[i];
        return memory ? [{ memory, score, parts }] : [];
      }),
      gate,
      mode: problem === undefined ? 'hybrid' : 'lexical',
      ...(problem !== undefined && { problem }),
    };
  }
}
