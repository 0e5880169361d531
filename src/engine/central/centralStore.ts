import { MemoryError } from '../errors.ts';
import type { CentralLog } from '../ports/centralLog.ts';
import type { EmbeddingStore } from '../ports/embeddingStore.ts';
import type { IndexSource } from '../ports/indexSource.ts';
import type { LeaseStore } from '../ports/leaseStore.ts';
import type { Logger } from '../ports/logger.ts';
import type { OperationLog } from '../ports/operationLog.ts';
import type { Records } from '../ports/records.ts';
import type { Replica } from '../ports/replica.ts';
import type { ServerSearch } from '../ports/serverSearch.ts';
import type { CentralStatus, Store, StoreReport } from '../ports/store.ts';
import type { Work } from '../ports/work.ts';
import { AccessSharer } from './accessSharer.ts';
import { CentralEmbeddings } from './centralEmbeddings.ts';
import { CentralMemories } from './centralMemories.ts';
import { guardedWork } from './guardedWork.ts';
import { Synchroniser } from './synchroniser.ts';

export interface CentralStoreOptions {
  /** This machine's replica; disposed with this store. */
  readonly local: Store & { readonly replica: Replica };
  /** Disposed with this store. */
  readonly log: CentralLog;
  /** Disposed with this store. */
  readonly records: Records;
  readonly work: Work;
  readonly search: ServerSearch;
  /** On which log, records and search are; disposed with this store. */
  readonly connection: AsyncDisposable;
  readonly logger: Logger;
  /** All machines encrypt under one key. */
  readonly sharedKey: boolean;
  /** How long a call waits until the replica is level with the log. */
  readonly patienceMs: number;
  /** What is done on the connection besides; it ends with it. */
  readonly aside?: Promise<void>;
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
  readonly records: Records;
  readonly work: Work;
  readonly search: ServerSearch;
  readonly #options: CentralStoreOptions;
  readonly #synchroniser: Synchroniser;
  readonly #accesses: AccessSharer;
  readonly #watch: Disposable;

  constructor(options: CentralStoreOptions) {
    const { local, log, logger, patienceMs, sharedKey } = options;
    const synchroniser = new Synchroniser(log, local.replica, logger, patienceMs);
    this.#options = options;
    this.#synchroniser = synchroniser;
    this.#accesses = new AccessSharer(log, local.replica, logger);
    this.memories = new CentralMemories(local.memories, synchroniser, this.#accesses, sharedKey);
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
    this.records = options.records;
    this.work = guardedWork(options.work, () => synchroniser.confirm());
    this.search = options.search;
    this.operations = {
      head: level(() => operations.head()),
      idAt: seq => operations.idAt(seq),
      seqAfter: level(id => operations.seqAfter(id)),
      since: level((seq, limit, viewer) => operations.since(seq, limit, viewer)),
      recent: level((limit, viewer, of) => operations.recent(limit, viewer, of)),
      watch: onChange => operations.watch(onChange),
    };
    this.index = {
      heads: level(model => index.heads(model)),
      changesAfter: level((cursor, limit, since) => index.changesAfter(cursor, limit, since)),
      newestAfter: level(count => index.newestAfter(count)),
      recordsAround: (ids, distance) => index.recordsAround(ids, distance),
      count: level(() => index.count()),
      vectorsAfter: level((model, cursor, limit) => index.vectorsAfter(model, cursor, limit)),
      vectors: (model, nums) => index.vectors(model, nums),
      memories: (ids, viewer) => index.memories(ids, viewer),
    };
    this.#watch = log.watch(
      () => local.replica.position(),
      () => void synchroniser.catchUp().catch(() => {}),
      () => synchroniser.distrust(),
    );
  }

  /** A field, as a store is spread into others. */
  readonly time = (): Promise<number> => this.#options.log.now();

  async central(): Promise<CentralStatus> {
    const { problem } = this.#synchroniser;
    const waiting = await this.#synchroniser.waiting();
    return { location: this.#options.log.address, waiting, ...(problem && toldOf(problem)) };
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
    const { aside, connection, local, log, records } = this.#options;
    this.#watch[Symbol.dispose]();
    this.#accesses[Symbol.dispose]();
    log[Symbol.dispose]();
    records[Symbol.dispose]();
    await connection[Symbol.asyncDispose]();
    await aside;
    await local[Symbol.asyncDispose]();
  }
}

function toldOf(error: Error): Pick<CentralStatus, 'problem' | 'fix' | 'refused'> {
  if (!MemoryError.is(error)) return { problem: error.message };
  const refused = error.badCredentials && { refused: true };
  return { problem: error.message, fix: error.fix, ...refused };
}
