import type { CentralLog } from '../ports/centralLog.ts';
import type { EmbeddingStore } from '../ports/embeddingStore.ts';
import type { IndexSource } from '../ports/indexSource.ts';
import type { LeaseStore } from '../ports/leaseStore.ts';
import type { Logger } from '../ports/logger.ts';
import type { OperationLog } from '../ports/operationLog.ts';
import type { Replica } from '../ports/replica.ts';
import type { CentralStatus, Store, StoreReport } from '../ports/store.ts';
import { CentralEmbeddings } from './centralEmbeddings.ts';
import { CentralMemories } from './centralMemories.ts';
import { Synchroniser } from './synchroniser.ts';

export interface CentralStoreOptions {
  /** This machine's replica; disposed with this store. */
  readonly local: Store & { readonly replica: Replica };
  /** Disposed with this store. */
  readonly log: CentralLog;
  readonly logger: Logger;
  /** All machines encrypt under one key. */
  readonly sharedKey: boolean;
}

/**
 * One memory for all machines: the central log decides what happened, in which order; the replica on this machine holds all of it,
 * and answers reads once it is level with the log. Vectors and leases are the machine's own.
 */
export class CentralStore implements Store {
  readonly memories: CentralMemories;
  readonly operations: OperationLog;
  readonly index: IndexSource;
  readonly embeddings: EmbeddingStore;
  readonly leases: LeaseStore;
  readonly #options: CentralStoreOptions;
  readonly #synchroniser: Synchroniser;
  readonly #watch: Disposable;

  constructor(options: CentralStoreOptions) {
    const { local, log, logger, sharedKey } = options;
    const synchroniser = new Synchroniser(log, local.replica, logger);
    this.#options = options;
    this.#synchroniser = synchroniser;
    this.memories = new CentralMemories(local.memories, synchroniser, sharedKey);
    // Level with the log before each answer.
    const level =
      <A extends unknown[], R>(read: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        await synchroniser.refresh();
        return read(...args);
      };
    const { index, operations } = local;
    this.embeddings = new CentralEmbeddings(local.embeddings, log, synchroniser, logger);
    this.leases = local.leases;
    this.operations = {
      head: level(() => operations.head()),
      since: level((seq, limit, viewer) => operations.since(seq, limit, viewer)),
      recent: level((limit, viewer, of) => operations.recent(limit, viewer, of)),
      watch: onChange => operations.watch(onChange),
    };
    this.index = {
      heads: level(model => index.heads(model)),
      changesAfter: level((cursor, limit) => index.changesAfter(cursor, limit)),
      vectorsAfter: level((model, cursor, limit) => index.vectorsAfter(model, cursor, limit)),
      vectors: (model, nums) => index.vectors(model, nums),
      memories: (ids, viewer) => index.memories(ids, viewer),
    };
    this.#watch = log.watch(
      () => local.replica.position(),
      () => void synchroniser.catchUp().catch(() => {}),
    );
  }

  async central(): Promise<CentralStatus> {
    const { local, log } = this.#options;
    const { problem } = this.#synchroniser;
    const waiting = await local.replica.countWaiting();
    return { location: log.address, waiting, ...(problem !== undefined && { problem }) };
  }

  async report(options?: { readonly integrity?: boolean }): Promise<StoreReport> {
    await this.#synchroniser.refresh();
    return { ...(await this.#options.local.report(options)), central: await this.central() };
  }

  async backup(path: string): Promise<void> {
    await this.#synchroniser.refresh();
    await this.#options.local.backup(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch[Symbol.dispose]();
    await this.#options.log[Symbol.asyncDispose]();
    await this.#options.local[Symbol.asyncDispose]();
  }
}
