import { hasCaughtUp } from './embedding/hasCaughtUp.ts';
import type { Engine, EngineStatus, VerifyReport } from './engine.ts';
import { MemoryError } from './errors.ts';
import { Housekeeping } from './housekeeping.ts';
import type { Memories } from './memories/memories.ts';
import { type Caller, viewerOf } from './model/caller.ts';
import type { Operation } from './model/operation.ts';
import type { Clock } from './ports/clock.ts';
import type { Embedder } from './ports/embedder.ts';
import type { Logger } from './ports/logger.ts';
import type { MemoryCounts, MemoryFilter } from './ports/memoryStore.ts';
import type { OperationFilter } from './ports/operationLog.ts';
import type { Store } from './ports/store.ts';
import { HybridRecall, SWITCHED_OFF } from './recall/hybridRecall.ts';
import type { FreshIndex } from './search/freshIndex.ts';
import type { Transfer } from './transfer.ts';

export interface LocalEngineOptions {
  readonly store: Store;
  readonly memories: Memories;
  readonly transfer: Transfer;
  readonly index: FreshIndex;
  /** Computes the vectors of the configured model; undefined: switched off. */
  readonly embedder: Embedder | undefined;
  /** The model that was configured before, and whose vectors serve until the new one has nearly all of its own. */
  readonly outgoing: Embedder | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Unique among engines: names this one in leases. */
  readonly holder: string;
  readonly recallDeadlineMs: number;
}

/** An engine on a store of this machine: answers callers, and does its share of the housekeeping. */
export class LocalEngine implements Engine {
  readonly memories: Memories;
  readonly transfer: Transfer;
  readonly recall: HybridRecall;
  readonly #options: LocalEngineOptions;
  readonly #housekeeping: Housekeeping;
  readonly #watch: Disposable;
  #serving: Embedder | undefined;

  constructor(options: LocalEngineOptions) {
    const { store, embedder, outgoing, index, clock, logger, holder } = options;
    this.#options = options;
    this.memories = options.memories;
    this.transfer = options.transfer;
    this.#serving = outgoing ?? embedder;
    this.recall = new HybridRecall({
      store: store.memories,
      index,
      embedder: () => this.#serving,
      clock,
      logger,
      deadlineMs: options.recallDeadlineMs,
    });
    this.#housekeeping = new Housekeeping({
      store,
      embedder,
      clock,
      logger,
      holder,
      onEmbedded: () => this.#takeOver(),
      saveSnapshot: () => index.save(),
    });
    this.#watch = store.operations.watch(() => {
      this.#housekeeping.wake();
      void this.#followLeader().catch(() => {});
    });
    this.#housekeeping.wake();
  }

  async counts(filter: MemoryFilter, caller: Caller): Promise<MemoryCounts> {
    return this.#options.store.memories.counts(filter, viewerOf(caller));
  }

  async operations(limit: number, caller: Caller, of?: OperationFilter): Promise<readonly Operation[]> {
    return this.#options.store.operations.recent(limit, viewerOf(caller), of);
  }

  async status(options: { readonly integrity?: boolean } = {}): Promise<EngineStatus> {
    const { embedder, index, store } = this.#options;
    const state = embedder?.state() ?? { status: 'failed' as const, problem: SWITCHED_OFF };
    const problem = state.status === 'failed' ? (state.problem ?? 'the model failed') : undefined;
    return {
      mode: problem === undefined ? 'hybrid' : 'lexical',
      ...(problem !== undefined && { problem }),
      store: await store.report(options),
      embedding: {
        model: embedder?.model.id ?? null,
        state,
        // Only a model that was used knows what it computes on.
        tried: state.status !== 'idle' || state.device !== undefined,
        pending: await this.#waiting(),
        refused: this.#housekeeping.refused,
        indexed: index.size.vectors,
      },
      leader: this.#housekeeping.leader,
    };
  }

  async notice(): Promise<string | undefined> {
    const central = await this.#options.store.central?.();
    if (!central || (central.problem === undefined && central.waiting === 0)) return undefined;
    const waiting = `${central.waiting} ${central.waiting === 1 ? 'write' : 'writes'} waiting`;
    return central.problem === undefined ? waiting : `offline, ${waiting}: ${central.problem}`;
  }

  watch(onChange: () => void): Disposable {
    return this.#options.store.operations.watch(onChange);
  }

  async verifyIndex(): Promise<VerifyReport> {
    return this.#options.index.verify();
  }

  async saveIndex(): Promise<void> {
    return this.#options.index.save();
  }

  async settled(signal: AbortSignal): Promise<void> {
    const { embedder } = this.#options;
    if (!embedder) return;
    while ((await this.#waiting()) > 0) {
      if (signal.aborted)
        throw new MemoryError('cancelled', 'The wait was stopped.', 'Embedding goes on by itself.');
      const { status, problem } = embedder.state();
      if (status === 'failed')
        throw new MemoryError('unavailable', `Embedding failed: ${problem}`, 'See `memory-central doctor`.');
      this.#housekeeping.wake();
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  async backup(path: string): Promise<void> {
    return this.#options.store.backup(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { embedder, index, outgoing, store } = this.#options;
    this.#watch[Symbol.dispose]();
    await this.#housekeeping[Symbol.asyncDispose]();
    await Promise.all([embedder?.[Symbol.asyncDispose](), outgoing?.[Symbol.asyncDispose]()]);
    index[Symbol.dispose]();
    await store[Symbol.asyncDispose]();
  }

  /** Memories that will get a vector. */
  async #waiting(): Promise<number> {
    const { embedder, store } = this.#options;
    if (!embedder) return 0;
    return Math.max(0, (await store.embeddings.countPending(embedder.model.id)) - this.#housekeeping.refused);
  }

  /** The engine that leads may have given the configured model its vectors. Which texts were refused only it knows. */
  async #followLeader(): Promise<void> {
    const { embedder, store } = this.#options;
    if (this.#serving === embedder || !embedder) return;
    if (await hasCaughtUp(store.embeddings, embedder.model.id)) await this.#takeOver();
  }

  /** From now on the configured model serves. */
  async #takeOver(): Promise<void> {
    const { embedder, index, logger } = this.#options;
    if (this.#serving === embedder || !embedder) return;
    this.#serving = embedder;
    // Which dimensions it has, recall learns from its first question.
    await index.useModel(embedder.model.dimensions > 0 ? embedder.model : null);
    logger.info('another embedding model serves now', { model: embedder.model.id });
  }
}
