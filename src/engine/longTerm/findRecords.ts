import type { Engine } from '../engine.ts';
import { MemoryError } from '../errors.ts';
import type { Caller } from '../model/caller.ts';
import type { MemoryFilter } from '../ports/memoryStore.ts';
import type { FoundRecord, FoundRecords, LongTermRecord } from './longTermRecord.ts';
import { matches, type Narrowed, narrow, type RecordFilter } from './recordFilter.ts';
import { recordOf } from './recordOfMemory.ts';

/** Of a search by text, at most so many are ranked. */
export const MOST_RANKED = 1000;
/** Memories read in one step. */
const PAGE = 1000;

export interface RecordQuery {
  /** Blank: all that match, newest first. */
  readonly text: string;
  /** undefined: all that the caller may see. */
  readonly namespaces?: readonly string[] | undefined;
  readonly filter: RecordFilter;
  /** What meaning counts beside words, 0..1. */
  readonly balance: number;
  /** Least score, 0..1. */
  readonly least?: number | undefined;
  /** >= 1 */
  readonly limit: number;
  readonly offset: number;
}

export type Reading = Pick<Engine, 'memories' | 'recall' | 'sha256'>;

/** A page of what matches. Rejects with `invalid_input` where more than `MOST_RANKED` would have to be ranked. */
export async function findRecords(
  engine: Reading,
  query: RecordQuery,
  caller: Caller,
  signal: AbortSignal,
): Promise<FoundRecords> {
  const { filter, limit, namespaces, offset } = query;
  if (namespaces?.length === 0) return { found: [], total: 0, nextOffset: null };
  const narrowed = narrow(filter, text => engine.sha256(text));
  const where = conditionsOf(narrowed, namespaces);
  if (query.text.trim() === '') return listRecords(engine, query, where, narrowed, caller);
  if (offset + limit > MOST_RANKED)
    throw new MemoryError(
      'invalid_input',
      `A search by text ranks the ${MOST_RANKED} best; ${offset + limit} were asked for.`,
      'Narrow it by filters, or page through all that match without a text.',
    );
  const among = narrowed.rest
    ? (await allRecords(engine, where, filter, caller)).map(({ id }) => id)
    : undefined;
  const ranked = await rankRecords(engine, { ...query, among, where }, caller, signal);
  const found = ranked.slice(offset, offset + limit);
  const more = ranked.length > offset + limit;
  return {
    found,
    total: among && query.balance > 0 && query.least === undefined ? among.length : ranked.length,
    nextOffset: more ? offset + limit : null,
  };
}

/** All that match, newest first. @param most ends after so many */
export async function allRecords(
  { memories }: Pick<Reading, 'memories'>,
  where: MemoryFilter,
  filter: RecordFilter,
  caller: Caller,
  { most = Number.POSITIVE_INFINITY, order = 'created' as 'created' | 'oldest' } = {},
): Promise<readonly LongTermRecord[]> {
  const found: LongTermRecord[] = [];
  for (let after: string | undefined; found.length < most; ) {
    const page = {
      ...{ limit: PAGE, offset: 0, order, uncounted: true as const },
      ...(after !== undefined && { after }),
    };
    const { memories: some } = await memories.list(where, page, caller);
    found.push(...some.map(recordOf).filter(record => matches(record, filter)));
    after = some.at(-1)?.id;
    if (some.length < PAGE) break;
  }
  return found.slice(0, most);
}

export function conditionsOf(
  { labels, since, until }: Narrowed,
  namespaces: readonly string[] | undefined,
): MemoryFilter {
  return {
    labels,
    ...(namespaces && { namespaces }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

async function listRecords(
  engine: Reading,
  { filter, limit, offset }: RecordQuery,
  where: MemoryFilter,
  { rest }: Narrowed,
  caller: Caller,
): Promise<FoundRecords> {
  const all = async () => {
    if (!rest) {
      const { memories, total } = await engine.memories.list(where, { limit, offset }, caller);
      const records = memories.map(recordOf);
      // What other agents stored is labelled otherwise, and may not match.
      if (records.every(record => matches(record, filter))) return { records, total };
    }
    const records = await allRecords(engine, where, filter, caller);
    return { records: records.slice(offset, offset + limit), total: records.length };
  };
  const { records, total } = await all();
  return {
    found: records.map(record => ({ record, score: null })),
    total,
    nextOffset: offset + limit < total ? offset + limit : null,
  };
}

/** Best first, up to one more than are wanted. */
async function rankRecords(
  { recall }: Reading,
  query: RecordQuery & { readonly among: readonly string[] | undefined; readonly where: MemoryFilter },
  caller: Caller,
  signal: AbortSignal,
): Promise<readonly FoundRecord[]> {
  const { among, balance, filter, least, offset, text, where } = query;
  const { labels = [], namespaces, since, until } = where;
  const asked = {
    ...{ text, balance, labels },
    ...(namespaces && { namespaces }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(among && { among }),
    ...(least !== undefined && { threshold: least }),
  };
  const wanted = offset + query.limit + 1;
  for (let limit = Math.min(wanted, MOST_RANKED); ; limit = Math.min(2 * limit, MOST_RANKED)) {
    const { memories } = await recall.search({ ...asked, limit }, caller, signal);
    const found = memories
      .map(({ memory, score }) => ({ record: recordOf(memory), score }))
      .filter(({ record }) => matches(record, filter));
    // Where others were among them there may be more.
    if (found.length >= wanted || memories.length < limit || limit === MOST_RANKED) return found;
  }
}
