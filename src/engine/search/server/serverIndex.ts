import { MemoryError } from '../../errors.ts';
import type { IndexRecord, IndexSource } from '../../ports/indexSource.ts';
import type { IndexModel } from '../../ports/memoryIndex.ts';
import type { ServerSearch } from '../../ports/serverSearch.ts';
import { allowedRows } from '../allowedRows.ts';
import type { AnalyzedText, Analyzer } from '../analyze.ts';
import { Catalog } from '../catalog.ts';
import type { FreshIndex } from '../freshIndex.ts';
import { namespacesSeen } from '../namespacesSeen.ts';
import type { SearchHit, SearchQuery } from '../searchQuery.ts';
import { chooseTerms, completed } from './commonTerms.ts';
import { splitVectors } from './projectedMemory.ts';
import { rankCandidates } from './rankCandidates.ts';

/** How many candidates each way of finding brings; each is read from the store, which costs most of the time. */
const BY_WORDS = 100;
const BY_MEANING = 60;
const OF_NEWEST = 20;
/** For how many of them, the best by themselves, the neighbours of their session speak too, and how many to each side. */
const LOOKED_AROUND = 40;
const WINDOW = 2;
const MOST = 1000;

export interface ServerIndexOptions {
  readonly server: ServerSearch;
  readonly source: IndexSource;
  readonly analyzer: Analyzer;
  /** The memories that changed last, and the sensitive ones, in this process: the server may not have the former yet, and never gets the latter. */
  readonly newest: FreshIndex;
  /** How many changes `newest` holds at least. */
  readonly covered: number;
  /** Why the central memory was out of reach when the store last asked it; undefined when it answered. */
  readonly outage: () => Promise<string | undefined>;
}

/**
 * Searches on the server. It only names candidates: what is said of them, who may see them and how they rank comes from this
 * machine's store, so that what was changed, deleted or kept from others a moment ago is as it is now.
 */
export class ServerIndex {
  readonly #options: ServerIndexOptions;
  #model: IndexModel | null;

  constructor(options: ServerIndexOptions, model: IndexModel | null) {
    this.#options = options;
    this.#model = model;
  }

  get model(): IndexModel | null {
    return this.#model;
  }

  async useModel(model: IndexModel | null): Promise<void> {
    this.#model = model;
    await this.#options.newest.useModel(model);
  }

  /** Rejects with `unavailable` where the server cannot answer now. */
  async search(query: SearchQuery): Promise<readonly SearchHit[]> {
    const { analyzer, newest, server, source } = this.#options;
    const terms = [...analyzer.analyze(query.text).terms.keys()];
    if (namespacesSeen(query)?.length === 0) return [];
    const model = this.#model;
    const sample = await newest.statistics(query, terms);
    await this.#demandReach();
    const { counted, looked } = chooseTerms(terms, sample);
    const [found, own] = await Promise.all([
      server.candidates(model, {
        ...query,
        ...{ terms: looked, counted },
        byWords: atMost(BY_WORDS, query.limit),
        byMeaning: atMost(BY_MEANING, query.limit),
      }),
      newest.search({ ...query, limit: atMost(OF_NEWEST, query.limit), threshold: 0 }),
    ]);
    this.#demandCovered(found.behind);
    // What the server found by words may have others by now.
    const ids = new Set([...found.byMeaning, ...own.map(hit => hit.id)]);
    const statistics = completed(terms, sample, counted, found);
    const records = new Map<number, IndexRecord>();
    const texts = new Map<number, AnalyzedText>();
    const cosines = model && query.vector ? new Map<number, number>() : undefined;
    const add = async (some: readonly string[], distance: number) => {
      const read = await source.recordsAround(some, distance);
      const fresh = read.filter(({ num }) => !records.has(num));
      for (const record of fresh) {
        records.set(record.num, record);
        texts.set(record.num, analyzer.analyze(record.content));
      }
      if (!cosines) return;
      for (const [num, cosine] of await this.#cosines(model!, query.vector!, fresh)) cosines.set(num, cosine);
    };
    const ranked = (limit: number, threshold: number) =>
      rankCandidates([...records.values()], ({ num }) => texts.get(num)!, {
        ...{ query: { ...query, limit, threshold }, terms, found: ids, statistics },
        ...(cosines && { cosines }),
      });
    await add([...new Set([...ids, ...found.byWords])], 0);
    const best = ranked(atMost(LOOKED_AROUND, query.limit), 0);
    await add(
      best.map(hit => hit.id),
      WINDOW,
    );
    return ranked(query.limit, query.threshold ?? 0);
  }

  /** As `MemoryIndex.near`; rejects as `search` does. */
  async near(id: string, query: SearchQuery): Promise<readonly SearchHit[] | undefined> {
    const { newest, server, source } = this.#options;
    const model = this.#model;
    const [own] = await source.recordsAround([id], 0);
    if (!model || !own) return undefined;
    const [vector] = splitVectors(await source.vectors(model.id, [own.num]), 1);
    if (!vector) return undefined;
    if (namespacesSeen(query)?.length === 0) return [];
    await this.#demandReach();
    const [found, recent] = await Promise.all([
      server.candidates(model, {
        ...query,
        vector,
        ...{ terms: [], counted: [] },
        byWords: 0,
        byMeaning: atMost(BY_MEANING, query.limit),
      }),
      newest.nearTo(vector, query),
    ]);
    this.#demandCovered(found.behind);
    const ids = [...new Set([...found.byMeaning, ...recent.map(hit => hit.id)])];
    return this.#nearest(ids, vector, model, query);
  }

  async #nearest(
    ids: readonly string[],
    vector: Float32Array,
    model: IndexModel,
    query: SearchQuery,
  ): Promise<readonly SearchHit[]> {
    const records = await this.#options.source.recordsAround(ids, 0);
    const cosines = await this.#cosines(model, vector, records);
    const catalog = new Catalog();
    for (const [i, record] of records.entries()) catalog.append({ ...record, num: i }, 0);
    const { bits } = allowedRows(catalog, query);
    return records
      .filter((record, row) => bits[row] === 1 && cosines.has(record.num))
      .map(({ id, num }) => {
        const meaning = cosines.get(num)!;
        return { num, id, score: Math.max(0, Math.min(1, meaning)), parts: { meaning } };
      })
      .filter(({ parts }) => parts.meaning >= (query.threshold ?? 0))
      .sort((a, b) => b.score - a.score || a.num - b.num)
      .slice(0, query.limit);
  }

  /** By number; without those that have no vector. */
  async #cosines(
    model: IndexModel,
    vector: Float32Array,
    records: readonly { readonly num: number }[],
  ): Promise<ReadonlyMap<number, number>> {
    const nums = records.map(({ num }) => num);
    const vectors = splitVectors(await this.#options.source.vectors(model.id, nums), nums.length);
    return new Map(
      vectors.flatMap((one, i) => (one?.length === vector.length ? [[nums[i]!, dot(one, vector)]] : [])),
    );
  }

  /** Whoever has just waited for Redis in vain does not wait again. */
  async #demandReach(): Promise<void> {
    const outage = await this.#options.outage();
    if (outage !== undefined)
      throw new MemoryError(
        'unavailable',
        outage,
        'See `memory-central doctor`; until then this machine searches.',
      );
  }

  #demandCovered(behind: number): void {
    const { covered } = this.#options;
    if (behind <= covered) return;
    throw new MemoryError(
      'unavailable',
      `The search index of the server is ${behind} changes behind.`,
      'It follows by itself; until then this machine searches.',
    );
  }
}

function atMost(usual: number, limit: number): number {
  return Math.min(MOST, Math.max(usual, limit));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
