import { MemoryError } from '../errors.ts';
import type { Draft } from '../memories/draft.ts';
import type { Memories } from '../memories/memories.ts';
import { type Caller, viewerOf } from '../model/caller.ts';
import type { LearningGroup } from '../model/learningGroups.ts';
import { writeNamespace } from '../model/namespace.ts';
import type { LearningQueue, QueuedEntry } from '../ports/learningQueue.ts';
import type { Logger } from '../ports/logger.ts';
import type { OperationLog } from '../ports/operationLog.ts';
import { entryDraft, memoryIdOf, setApartDraft } from './entryDraft.ts';

/** Entries that are taken at a time. */
const BATCH = 100;
/** What another was given so long ago, and has not said to be done, is taken over: it died. */
const ABANDONED_MS = 60_000;
/** Failures of the store, not of an entry. */
const OF_THE_STORE = ['unavailable', 'cancelled'] as const;

export interface LearningOptions {
  readonly queue: LearningQueue;
  readonly memories: Memories;
  readonly operations: OperationLog;
  readonly logger: Logger;
  /** As which it reads. */
  readonly group: LearningGroup;
  /** Where what is learnt is kept. */
  readonly namespace: string;
}

export interface LearningRequest {
  /** Who reads: entries that one was given are another's only when it is given up. */
  readonly consumer: string;
  /** Ends after about so many entries. Default: none */
  readonly limit?: number | undefined;
  /** Takes over what others were given so long ago, ms. Default 60,000 */
  readonly abandonedMs?: number;
}

export interface LearningReport {
  /** Entries that became a memory. */
  readonly learnt: number;
  /** Entries that said what a memory says already, which counts as used. */
  readonly repeated: number;
  /** Entries that had been taken before, by who died before it could say so. */
  readonly known: number;
  readonly setApart: readonly { readonly id: string; readonly reason: string }[];
}

/** Makes memories of the learning queue: each entry once, by its id, whoever dies meanwhile. */
export class Learning {
  readonly #options: LearningOptions;

  constructor(options: LearningOptions) {
    this.#options = options;
  }

  /**
   * Takes what is in the queue, a hundred entries at a time: first what others left. An entry of which nothing can be learnt is set apart, as a
   * memory with the reason, and holds up nobody. Rejects with `unavailable` when the store cannot take them: they stay in the queue;
   * `cancelled` on abort.
   */
  async run(
    { consumer, limit = Number.POSITIVE_INFINITY, abandonedMs = ABANDONED_MS }: LearningRequest,
    caller: Caller,
    signal: AbortSignal,
    onProgress: (done: number) => void = () => {},
  ): Promise<LearningReport> {
    const { group, logger, queue } = this.#options;
    const report = { learnt: 0, repeated: 0, known: 0, setApart: [] as { id: string; reason: string }[] };
    let done = 0;
    // A person who starts it has read none of it.
    const by = { ...caller, person: false };
    while (done < limit) {
      if (signal.aborted)
        throw new MemoryError('cancelled', 'Learning was stopped.', 'What is left stays in the queue.');
      const left = await queue.claim(group, consumer, abandonedMs, BATCH);
      const entries = left.length > 0 ? left : await queue.read(group, consumer, BATCH);
      if (entries.length === 0) break;
      await this.#take(entries, by, report);
      await queue.acknowledge(
        group,
        entries.map(({ id }) => id),
      );
      done += entries.length;
      onProgress(done);
    }
    if (report.setApart.length > 0)
      logger.warn('entries of the learning queue were set apart', { entries: report.setApart.length });
    return report;
  }

  async #take(
    entries: readonly QueuedEntry[],
    caller: Caller,
    report: { learnt: number; repeated: number; known: number; setApart: { id: string; reason: string }[] },
  ): Promise<void> {
    const namespace = writeNamespace(this.#options.namespace, caller);
    const fresh: { readonly entry: QueuedEntry; readonly draft: Draft }[] = [];
    const apart: { readonly entry: QueuedEntry; readonly error: unknown }[] = [];
    for (const entry of entries) {
      if (await this.#isKnown(entry, caller)) report.known += 1;
      else
        try {
          fresh.push({ entry, draft: entryDraft(entry, namespace) });
        } catch (error) {
          apart.push({ entry, error });
        }
    }
    try {
      await this.#store(
        fresh.map(({ draft }) => draft),
        caller,
        report,
      );
    } catch (error) {
      demandOwn(error);
      for (const { entry, draft } of fresh)
        await this.#store([draft], caller, report).catch(refused => {
          demandOwn(refused);
          apart.push({ entry, error: refused });
        });
    }
    for (const { entry, error } of apart) {
      const reason = MemoryError.is(error) ? error.message : 'it could not be read';
      // Where even that cannot be kept, it is told all the same.
      await this.#options.memories.store([setApartDraft(entry, reason, namespace)], caller).catch(demandOwn);
      report.setApart.push({ id: entry.id, reason });
    }
  }

  /** All or none. */
  async #store(
    drafts: readonly Draft[],
    caller: Caller,
    report: { learnt: number; repeated: number },
  ): Promise<void> {
    if (drafts.length === 0) return;
    const stored = await this.#options.memories.store(drafts, caller);
    const repeated = stored.filter(one => one.duplicate).length;
    report.repeated += repeated;
    report.learnt += stored.length - repeated;
  }

  /** Also where its memory has been forgotten since. */
  async #isKnown({ id }: QueuedEntry, caller: Caller): Promise<boolean> {
    const { operations } = this.#options;
    const found = await operations.recent(1, viewerOf(caller), { memoryId: memoryIdOf(id) });
    return found.length > 0;
  }
}

/** Throws what is no entry's fault: it is tried again. */
function demandOwn(error: unknown): void {
  if (OF_THE_STORE.some(code => MemoryError.is(error, code))) throw error;
}
