import type { IndexSource } from '../../ports/indexSource.ts';
import type { Logger } from '../../ports/logger.ts';
import type { IndexModel } from '../../ports/memoryIndex.ts';
import type { ProjectedMemory, SearchLease, ServerSearch } from '../../ports/serverSearch.ts';
import type { Analyzer } from '../analyze.ts';
import { searchDocument, splitVectors } from './projectedMemory.ts';

/** Memories at once: the server answers nobody else while it puts them into its index, half a millisecond each. */
const BATCH = 25;
/** How soon to look again where something is to be done: somebody else has written, or the server still reads documents. */
const SOON_MS = 500;
/** How soon to look whether the one who has the right to write, or Redis, is there again. */
const RETRY_MS = 15_000;
const RETIRE_EVERY_MS = 3_600_000;

export interface SearchProjectorOptions {
  readonly server: ServerSearch;
  readonly source: IndexSource;
  readonly analyzer: Analyzer;
  readonly logger: Logger;
  /** Unique among all processes of all machines. */
  readonly token: string;
  /** Whose indexes are kept: that of the model that serves, and that of the one that is about to. */
  readonly models: () => readonly (IndexModel | null)[];
  /** Brings this machine's store level with the central log. @returns false where it cannot */
  readonly level: () => Promise<boolean>;
}

/**
 * Keeps the server's indexes level with the central log, from this machine's store: one process of all machines at a time, and whoever
 * comes next goes on where it stopped. What it writes is what is true now, so that doing it twice changes nothing.
 */
export class SearchProjector implements AsyncDisposable {
  readonly #options: SearchProjectorOptions;
  readonly #stop = new AbortController();
  readonly #leading = new Set<IndexModel | null>();
  /** How far vectors of a model were looked at. */
  readonly #vectors = new Map<string, number>();
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | number | undefined;
  #retiredAt = Number.NEGATIVE_INFINITY;

  constructor(options: SearchProjectorOptions) {
    this.#options = options;
  }

  /** There may be work. Returns at once. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer as NodeJS.Timeout);
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#again) {
        this.#again = false;
        this.wake();
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer as NodeJS.Timeout);
    await this.#running;
    const { server, token } = this.#options;
    for (const model of this.#leading) await server.release(model, token).catch(() => {});
  }

  async #run(): Promise<void> {
    const { logger, models, server } = this.#options;
    try {
      for (const model of models()) {
        const waitMs = await this.#follow(model);
        if (waitMs !== undefined) this.#wakeIn(waitMs);
      }
      if (performance.now() - this.#retiredAt < RETIRE_EVERY_MS) return;
      this.#retiredAt = performance.now();
      const retired = await server.retire(models());
      if (retired.length > 0) logger.info('search indexes that nobody used are gone', { retired });
    } catch (error) {
      logger.debug('the search index on the server is not followed now', {
        reason: (error as Error).message,
      });
      this.#wakeIn(RETRY_MS);
    }
  }

  /** @returns after how long to look again; undefined: when something has changed */
  async #follow(model: IndexModel | null): Promise<number | undefined> {
    const { level, server, token } = this.#options;
    let lease = await server.lead(model, token);
    if (!lease) {
      this.#leading.delete(model);
      return RETRY_MS;
    }
    this.#leading.add(model);
    while (!this.#stop.signal.aborted) {
      const changed = await server.changedAfter(lease.position, BATCH);
      if (changed.length === 0) break;
      // The store must have at least what the log had then.
      if (!(await level())) return RETRY_MS;
      const { position } = changed.at(-1)!;
      const memories = await this.#projected(
        changed.map(({ id }) => id),
        model,
      );
      if (!(await server.project(model, lease, memories, position))) return SOON_MS;
      lease = { ...lease, position };
    }
    if (this.#stop.signal.aborted) return undefined;
    if (!(await this.#addVectors(model, lease))) return SOON_MS;
    return lease.open || (await server.open(model, lease)) ? undefined : SOON_MS;
  }

  /** Gives documents the vectors that were computed since. @returns false when another writes now */
  async #addVectors(model: IndexModel | null, lease: SearchLease): Promise<boolean> {
    const { server, source } = this.#options;
    if (!model) return true;
    const { vectors: head } = await source.heads(model.id);
    if (this.#vectors.get(model.id) === head) return true;
    let cursor = 0;
    do {
      const page = await server.withoutVector(model, cursor);
      for (let i = 0; i < page.ids.length && !this.#stop.signal.aborted; i += BATCH) {
        const memories = await this.#projected(page.ids.slice(i, i + BATCH), model);
        const better = memories.filter(one => 'gone' in one || one.vector !== undefined);
        if (better.length > 0 && !(await server.project(model, lease, better, lease.position))) return false;
      }
      cursor = page.cursor;
    } while (cursor !== 0 && !this.#stop.signal.aborted);
    this.#vectors.set(model.id, head);
    return true;
  }

  /** What the index is to hold of these now; nothing of what is gone or sensitive. */
  async #projected(ids: readonly string[], model: IndexModel | null): Promise<readonly ProjectedMemory[]> {
    const { analyzer, source } = this.#options;
    const records = (await source.recordsAround(ids, 0)).filter(record => !record.sensitive);
    const nums = records.map(({ num }) => num);
    const vectors = model ? splitVectors(await source.vectors(model.id, nums), nums.length) : [];
    const documents = new Map(
      records.map((record, i) => {
        const vector = vectors[i]?.length === model?.dimensions ? vectors[i] : undefined;
        return [record.id, searchDocument(record, analyzer, vector)];
      }),
    );
    return ids.map(id => documents.get(id) ?? { id, gone: true });
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => this.wake(), ms);
    // It keeps no process alive.
    (this.#timer as NodeJS.Timeout).unref?.();
  }
}
