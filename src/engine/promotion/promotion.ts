import { eyesFor, isWanted } from '../compaction/whoseMemories.ts';
import { MemoryError } from '../errors.ts';
import { Pace } from '../map/pace.ts';
import { expiryOf, type Retention } from '../memories/retention.ts';
import { type Caller, viewerOf } from '../model/caller.ts';
import type { Memory, Priority } from '../model/memory.ts';
import { PROMOTION } from '../model/operation.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Store } from '../ports/store.ts';
import { leastUses, type PromotionRules, promotionOf, type Rise } from './promotionOf.ts';

/** Memories that are read at a time: some milliseconds. */
const BATCH = 50;
const SLICE_MS = 2;
const DAY_MS = 86_400_000;
/** More changes of one memory than any but a program makes. */
const OPERATIONS_LOOKED_AT = 500;

export interface PromotionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly rules: PromotionRules;
  readonly retention: Retention;
}

export interface PromotionRequest {
  /** Only in these; undefined: all. */
  readonly namespaces?: readonly string[] | undefined;
  /** Only find out what would rise. */
  readonly dryRun: boolean;
  /** Also what is private to others than the caller: for the worker. Default false */
  readonly everybody?: boolean;
  /** Ends after so many. Default: none */
  readonly limit?: number;
}

export interface Promoted {
  readonly id: string;
  readonly from: Priority;
  readonly to: Priority;
  readonly reason: string;
  /** For `undo`; null in a dry run. */
  readonly operationId: string | null;
}

export interface PromotionReport {
  readonly examined: number;
  readonly promoted: readonly Promoted[];
}

/** Raises the priority of what is used often or by several, so that it is kept longer and ranks higher. */
export class Promotion {
  readonly #options: PromotionOptions;

  constructor(options: PromotionOptions) {
    this.#options = options;
  }

  /**
   * Each memory rises by one step at most, its expiry with it; the reason is in its history, and undoing that holds. Safe at any time, by several
   * at once, and again. Rejects with `unavailable` while the memory that machines share is out of reach; `cancelled` on abort.
   */
  async run(
    request: PromotionRequest,
    caller: Caller,
    signal: AbortSignal,
    onProgress: (progress: { examined: number; total: number; promoted: number }) => void = () => {},
  ): Promise<PromotionReport> {
    const { logger, rules, store } = this.#options;
    const least = leastUses(rules);
    const pace = new Pace(signal, SLICE_MS);
    // So that what was used until now is counted.
    await store.memories.users([], 0);
    const { memories: total } = await store.index.count();
    const promoted: Promoted[] = [];
    const seen = new Set<string>();
    let examined = 0;
    for (let cursor = 0; ; ) {
      const { cursor: next, done, records } = await store.index.changesAfter(cursor, BATCH);
      for (const record of records) {
        if (signal.aborted) throw stopped();
        await pace.step().catch(() => {});
        // What rises changes, and comes again.
        if (seen.has(record.id) || !isWanted(record, request, caller)) continue;
        seen.add(record.id);
        examined += 1;
        if (record.accessCount < least || (record.priority !== 'low' && record.priority !== 'medium'))
          continue;
        const one = await this.#promote(record.id, request.dryRun, eyesFor(record, caller));
        if (one) promoted.push(one);
        if (promoted.length >= (request.limit ?? Number.POSITIVE_INFINITY)) return { examined, promoted };
      }
      onProgress({ examined, total, promoted: promoted.length });
      cursor = next;
      if (done) break;
    }
    if (promoted.length > 0 && !request.dryRun)
      logger.info('memories were promoted', { memories: promoted.length });
    return { examined, promoted };
  }

  async #promote(id: string, dryRun: boolean, caller: Caller): Promise<Promoted | undefined> {
    const { clock, rules, store } = this.#options;
    const viewer = viewerOf(caller);
    const [memory] = await store.memories.get([id], viewer);
    if (!memory || memory.review === 'rejected') return undefined;
    const [users = 0] = await store.memories.users([id], clock.now() - rules.recentDays * DAY_MS);
    const operations = await store.operations.recent(OPERATIONS_LOOKED_AT, viewer, { memoryId: id });
    const rise = promotionOf(memory, { users, operations }, rules, clock.now());
    if (!rise) return undefined;
    const operationId = dryRun ? null : await this.#raise(memory, rise, caller);
    return operationId === undefined ? undefined : { id, from: memory.priority, ...rise, operationId };
  }

  /** @returns the operation's id; undefined where somebody changed it meanwhile */
  async #raise(
    { expiresAt, id, version }: Memory,
    { reason, to }: Rise,
    caller: Caller,
  ): Promise<string | undefined> {
    const { clock, retention, store } = this.#options;
    const later = expiryOf(to, clock.now(), retention);
    const patch = {
      priority: to,
      expiresAt: expiresAt === null || later === null ? null : Math.max(expiresAt, later),
    };
    const by = { ...caller, instance: PROMOTION + reason };
    try {
      const [outcome] = await store.memories.apply(
        [{ kind: 'update', caller: by, id, patch, expectedVersion: version }],
        { atOnce: true },
      );
      return outcome?.kind === 'update' ? outcome.operationId : undefined;
    } catch (error) {
      if (MemoryError.is(error, 'conflict') || MemoryError.is(error, 'not_found')) return undefined;
      throw error;
    }
  }
}

function stopped(): MemoryError {
  return new MemoryError(
    'cancelled',
    'Promotion was stopped.',
    'What has risen stays so; run it again to go on.',
  );
}
