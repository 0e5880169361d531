import type { Agents } from './agents/agents.ts';
import type { FileClaims } from './agents/fileClaims.ts';
import type { Anchors } from './anchors/anchors.ts';
import type { Caches } from './caches/caches.ts';
import type { Contexts } from './contexts/contexts.ts';
import { hasCaughtUp } from './embedding/hasCaughtUp.ts';
import type { EmbeddedCounts, Engine, EngineStatus, VerifyReport } from './engine.ts';
import { MemoryError } from './errors.ts';
import type { Feed } from './events/feed.ts';
import type { Handoffs } from './handoff/handoff.ts';
import type { Devices } from './health/devices.ts';
import { Health } from './health/health.ts';
import { healthChecks } from './health/healthChecks.ts';
import { Housekeeping } from './housekeeping.ts';
import type { LocalEngineOptions } from './localEngineOptions.ts';
import { MemoryMaps } from './map/memoryMaps.ts';
import { expireAll } from './memories/expireAll.ts';
import type { Memories } from './memories/memories.ts';
import { type Caller, viewerOf } from './model/caller.ts';
import type { Operation } from './model/operation.ts';
import { noticeFor } from './notice.ts';
import type { Embedder } from './ports/embedder.ts';
import type { JobQueue } from './ports/jobQueue.ts';
import type { MemoryCounts, MemoryFilter, MemoryTrend, TrendDays } from './ports/memoryStore.ts';
import type { OperationFilter } from './ports/operationLog.ts';
import type { Records } from './ports/records.ts';
import { HybridRecall, SWITCHED_OFF } from './recall/hybridRecall.ts';
import { NodeWatch, watchedNodes } from './records/nodeWatch.ts';
import type { Reviews } from './review/reviews.ts';
import type { Tasks } from './tasks/tasks.ts';
import { Tokens } from './tokens/tokens.ts';
import type { Transfer } from './transfer.ts';
import type { Upkeep } from './upkeep.ts';
import type { WorkTogether } from './workTogether.ts';

/** An engine on a store of this machine: answers callers, and does its share of the housekeeping. */
export class LocalEngine implements Engine {
  readonly memories: Memories;
  readonly anchors: Anchors;
  readonly transfer: Transfer;
  readonly reviews: Reviews;
  readonly upkeep: Upkeep;
  readonly recall: HybridRecall;
  readonly maps: MemoryMaps;
  readonly records: Records;
  readonly tokens: Tokens;
  readonly caches: Caches;
  readonly agents: Agents;
  readonly tasks: Tasks;
  readonly files: FileClaims;
  readonly contexts: Contexts;
  readonly handoffs: Handoffs;
  readonly feed: Feed;
  readonly devices: Devices;
  readonly health: Health;
  readonly #together: WorkTogether;
  readonly #options: LocalEngineOptions;
  readonly #housekeeping: Housekeeping;
  readonly #nodeWatch: NodeWatch;
  readonly #watch: Disposable;
  #serving: Embedder | undefined;
  #jobs: JobQueue | undefined;

  constructor(options: LocalEngineOptions) {
    const { store, embedder, outgoing, index, clock, identity, logger } = options;
    this.#options = options;
    this.memories = options.memories;
    this.anchors = options.anchors;
    this.transfer = options.transfer;
    this.reviews = options.reviews;
    this.upkeep = options.upkeep;
    this.caches = options.caches;
    this.#together = options.together;
    this.agents = this.#together.agents;
    this.tasks = this.#together.tasks;
    this.files = this.#together.files;
    this.contexts = this.#together.contexts;
    this.handoffs = this.#together.handoffs;
    this.feed = this.#together.feed;
    this.devices = options.devices;
    this.health = new Health(
      healthChecks({
        ...{ embedder, clock, agents: this.agents, tasks: this.tasks, devices: options.devices },
        status: asked => this.status(asked),
        verifyIndex: () => this.verifyIndex(),
      }),
    );
    this.#serving = outgoing ?? embedder;
    this.recall = new HybridRecall({
      store: store.memories,
      index,
      embedder: () => this.#serving,
      clock,
      deadlineMs: options.recallDeadlineMs,
      gate: options.reviews.gate,
      observer: options.observer,
    });
    this.maps = new MemoryMaps({
      embeddings: store.embeddings,
      source: store.index,
      model: () => this.#serving?.model.id,
    });
    this.#nodeWatch = new NodeWatch(store.records.nodes, clock, logger);
    this.records = { ...store.records, nodes: watchedNodes(store.records.nodes, this.#nodeWatch) };
    this.tokens = new Tokens({ store: store.records.tokens, identity, clock });
    this.#housekeeping = new Housekeeping({
      store,
      embedder,
      sharedVectors: options.sharedVectors,
      clock,
      logger,
      // Unique among engines.
      holder: identity.newId(),
      watchNodes: () => {
        void this.#nodeWatch.look();
        void this.#together.tidy().catch(error => {
          logger.debug('work was not tidied', { reason: (error as Error).message });
        });
      },
      onEmbedded: () => this.#takeOver(),
      saveSnapshot: () => index.save(),
    });
    this.#watch = store.operations.watch(() => {
      if (options.housekeeping) this.#housekeeping.wake();
      void this.#followLeader().catch(() => {});
    });
    if (options.housekeeping) this.#housekeeping.wake();
  }

  get jobs(): JobQueue {
    this.#jobs ??= this.#options.jobs();
    return this.#jobs;
  }

  async counts(filter: MemoryFilter, caller: Caller): Promise<MemoryCounts> {
    return this.#options.store.memories.counts(filter, viewerOf(caller));
  }

  async embedded(filter: MemoryFilter, caller: Caller): Promise<EmbeddedCounts> {
    const { embedder, store } = this.#options;
    if (!embedder) return { indexed: 0, pending: 0, refused: 0 };
    const viewer = viewerOf(caller);
    const { total } = await store.memories.counts(filter, viewer);
    const { refused } = this.#housekeeping;
    const { all, of } = await store.embeddings.countPendingOf(embedder.model.id, filter, viewer, refused);
    // What is stored between the two is counted as waiting only.
    return { indexed: Math.max(0, total - all), pending: all - of, refused: of };
  }

  async trend(filter: MemoryFilter, days: TrendDays, caller: Caller): Promise<MemoryTrend> {
    return this.#options.store.memories.trend(filter, days, viewerOf(caller));
  }

  sha256(text: string): string {
    return this.#options.identity.sha256(text);
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
        refused: this.#housekeeping.refused.length,
        indexed: index.size.vectors,
      },
      latency: { search: this.recall.took.search.latency, embedding: this.recall.took.embedding.latency },
      search: await index.place(),
      leader: this.#housekeeping.leader,
    };
  }

  notice(caller: Caller): Promise<string | undefined> {
    const { index, store } = this.#options;
    return noticeFor(caller, store, index);
  }

  watch(onChange: () => void): Disposable {
    return this.#options.store.operations.watch(onChange);
  }

  async verifyIndex(): Promise<VerifyReport> {
    const report = await this.#options.index.verify();
    this.#options.observer?.verified(report);
    return report;
  }

  async dropSearchIndexes(): Promise<readonly string[]> {
    return this.#options.index.dropFromServer();
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

  async expire(signal: AbortSignal): Promise<number> {
    const { clock, store } = this.#options;
    return expireAll(store, clock, signal);
  }

  async backup(path: string): Promise<void> {
    return this.#options.store.backup(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { embedder, index, outgoing, store } = this.#options;
    await this.#jobs?.[Symbol.asyncDispose]();
    await this.#together[Symbol.asyncDispose]();
    this.#watch[Symbol.dispose]();
    this.#nodeWatch[Symbol.dispose]();
    await this.#housekeeping[Symbol.asyncDispose]();
    await Promise.all([embedder?.[Symbol.asyncDispose](), outgoing?.[Symbol.asyncDispose]()]);
    await index[Symbol.asyncDispose]();
    await this.caches[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
  }

  /** Memories that will get a vector. */
  async #waiting(): Promise<number> {
    const { embedder, store } = this.#options;
    if (!embedder) return 0;
    const pending = await store.embeddings.countPending(embedder.model.id);
    return Math.max(0, pending - this.#housekeeping.refused.length);
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
