import type { Engine } from '../../../engine/engine.ts';
import { MemoryError } from '../../../engine/errors.ts';
import { cut, oneLine } from '../../../engine/foreignText.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import type { Memory, MemoryType, Priority } from '../../../engine/model/memory.ts';
import { readNamespaces } from '../../../engine/model/namespace.ts';
import type { MemoryFilter } from '../../../engine/ports/memoryStore.ts';
import { snippet } from '../../../engine/recall/snippet.ts';
import { withoutUndefined } from '../../../engine/withoutUndefined.ts';
import { memoryPreview, memoryTitle } from '../memories/memoryText.ts';
import type { Filters, Question, Row, RowPage, WholeMemory } from '../webviews/messages/browserProtocol.ts';

/** What the browser asks of the engine. */
export interface BrowseRequest {
  readonly question: Question;
  readonly offset: number;
  /** 1..200 */
  readonly limit: number;
}

export interface DayCounts {
  readonly days: readonly { readonly day: string; readonly count: number }[];
  readonly older: number;
}

type Browsed = Pick<Engine, 'anchors' | 'memories' | 'recall' | 'trend'>;
type Found = Pick<Row, 'score' | 'parts'> & { readonly memory: Memory };

/** A search goes no further. */
const MOST_FOUND = 1000;
/** Who asks for stale memories alone waits for them, so long for each part of the list at most. */
const ALL_STALE = { patienceMs: 5000, files: Number.POSITIVE_INFINITY };
/** As many are offered to be merged. */
const SIMILAR = 8;
const DAY_MS = 86_400_000;
const DAYS = 366;
/** Of a memory, as much is looked at for its row: it may be a single line of any length. */
const HEAD_CHARS = 2_000;
const TITLE_CHARS = 72;
const PREVIEW_CHARS = 200;

/** A part of the list: what matches in the order asked, or what is found, best first. */
export async function browse(
  engine: Browsed,
  { question, offset, limit }: BrowseRequest,
  caller: Caller,
  signal: AbortSignal,
): Promise<RowPage> {
  const { query, filters } = question;
  if (query.trim() !== '') return search(engine, { question, offset, limit }, caller, signal);
  if (filters.stale) {
    const memories = await staleOf(engine, question, caller, signal);
    const found = memories.slice(offset, offset + limit).map(memory => ({ memory }));
    return {
      rows: await rowsOf(engine, found, question, caller),
      total: memories.length,
      more: false,
      mode: 'list',
    };
  }
  const page = { limit, offset, order: question.order };
  const { memories, total } = await engine.memories.list(filterOf(filters, caller), page, caller);
  const found = memories.map(memory => ({ memory }));
  return { rows: await rowsOf(engine, found, question, caller), total, more: false, mode: 'list' };
}

/** How many there are of each day. */
export async function browseDays(
  engine: Pick<Browsed, 'memories' | 'trend'>,
  { filters }: Question,
  caller: Caller,
): Promise<DayCounts> {
  const filter = filterOf(filters, caller);
  const [{ storedByDay }, { total }] = await Promise.all([
    engine.trend(filter, { stored: DAYS, expiring: 1 }, caller),
    engine.memories.list(filter, { limit: 1, offset: 0 }, caller),
  ]);
  const today = Math.floor(Date.now() / DAY_MS);
  const days = storedByDay.flatMap((count, i) =>
    count === 0 ? [] : [{ day: dayOf((today - storedByDay.length + 1 + i) * DAY_MS), count }],
  );
  return { days: days.reverse(), older: total - storedByDay.reduce((sum, count) => sum + count, 0) };
}

/** Memories of the same namespace that are near to this one, as rows with their scores. */
export async function similarRows(
  engine: Pick<Browsed, 'anchors' | 'memories' | 'recall'>,
  id: string,
  caller: Caller,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const page = await engine.memories.list({ ids: [id] }, { limit: 1, offset: 0 }, caller);
  const namespaces = page.memories.map(({ namespace }) => namespace);
  const { memories } = await engine.recall.similar(id, { limit: SIMILAR, namespaces }, caller, signal);
  return rowsOf(engine, memories, { query: '', order: 'created' }, caller);
}

/** One memory whole, which does not count as used, with what changed in the code that it speaks of. Rejects with `not_found`. */
export async function wholeMemory(
  { anchors, memories }: Pick<Browsed, 'anchors' | 'memories'>,
  id: string,
  caller: Caller,
): Promise<WholeMemory> {
  const page = await memories.list({ ids: [id] }, { limit: 1, offset: 0 }, caller);
  const [memory] = page.memories;
  if (!memory) {
    throw new MemoryError(
      'not_found',
      'This memory is gone, or was never for you to see.',
      'Search for another one; what was deleted can be brought back with the history.',
    );
  }
  const stale = (await anchors.stale(page.memories)).get(id) ?? [];
  const { agent, content, metadata, namespace, owner, priority, review, session, tags, type } = memory;
  const { pinned, provenance, sensitive, sharedWith, supersedes, version, visibility } = memory;
  return {
    ...{ id, agent, content, namespace, owner, priority, review, session, tags, type, stale },
    ...{ pinned, sensitive, sharedWith, supersedes, version, visibility },
    source: provenance.uri ?? provenance.source,
    ...{ created: memory.createdAt, updated: memory.updatedAt, expires: memory.expiresAt },
    ...{ accessCount: memory.accessCount, anchors: memory.anchors },
    ...(Object.keys(metadata).length > 0 && { metadata: JSON.stringify(metadata, undefined, 2) }),
  };
}

/** Memories as rows of the list. */
async function rowsOf(
  { anchors }: Pick<Browsed, 'anchors'>,
  found: readonly Found[],
  { query, order }: Pick<Question, 'query' | 'order'>,
  { namespace }: Caller,
): Promise<readonly Row[]> {
  const stale = await anchors.stale(found.map(({ memory }) => memory));
  const time = { created: 'createdAt', updated: 'updatedAt', accessed: 'accessedAt' } as const;
  return found.map(({ memory, score, parts }) => {
    const title = memoryTitle(cut(memory.content, HEAD_CHARS), TITLE_CHARS);
    const shown = snippet(memory.content, query, PREVIEW_CHARS).text;
    const changed = stale.get(memory.id);
    return {
      ...{ id: memory.id, type: memory.type, priority: memory.priority, agent: memory.agent },
      title: oneLine(title),
      preview: oneLine(memoryPreview(shown, title), PREVIEW_CHARS),
      tags: memory.tags,
      ...{ at: memory[time[order]], created: memory.createdAt },
      ...{ pinned: memory.pinned, sensitive: memory.sensitive, review: memory.review },
      ...(memory.namespace !== namespace && { namespace: memory.namespace }),
      ...(score !== undefined && { score }),
      ...(parts && { parts }),
      ...(changed && { stale: changed }),
    };
  });
}

async function search(
  engine: Browsed,
  { question, offset, limit }: BrowseRequest,
  caller: Caller,
  signal: AbortSignal,
): Promise<RowPage> {
  const { filters, query } = question;
  const { agent, ids, namespaces, pinned, priorities, session, since, tags, types, until } = filterOf(
    filters,
    caller,
  );
  const wanted = { namespaces, agent, types, priorities, tags, session, since, until };
  // The index knows nothing of these: they are sorted out of all that is found.
  const sifts =
    ids !== undefined || pinned !== undefined || filters.review !== undefined || filters.stale === true;
  const reach = sifts ? MOST_FOUND : Math.min(MOST_FOUND, offset + limit);
  const answer = await engine.recall.search(
    { text: query, limit: reach, browsing: true, ...withoutUndefined(wanted) },
    caller,
    signal,
  );
  const chosen = ids && new Set(ids);
  const sifted = answer.memories.filter(
    ({ memory }) =>
      (chosen?.has(memory.id) ?? true) &&
      (pinned === undefined || memory.pinned === pinned) &&
      (filters.review === undefined || memory.review === filters.review),
  );
  const stale = filters.stale
    ? await engine.anchors.stale(
        sifted.map(({ memory }) => memory),
        ALL_STALE,
      )
    : undefined;
  const found = stale ? sifted.filter(({ memory }) => stale.has(memory.id)) : sifted;
  return {
    rows: await rowsOf(engine, found.slice(offset, offset + limit), question, caller),
    total: found.length,
    more: !sifts && answer.memories.length === reach && reach < MOST_FOUND,
    mode: answer.mode,
    ...(answer.problem !== undefined && { problem: answer.problem }),
  };
}

/** All whose code is no longer as it was. */
async function staleOf(
  { anchors, memories }: Browsed,
  { filters, order }: Question,
  caller: Caller,
  signal: AbortSignal,
): Promise<readonly Memory[]> {
  const filter = { ...filterOf(filters, caller), anchored: true as const };
  const found: Memory[] = [];
  for (let offset = 0; ; offset += MOST_FOUND) {
    signal.throwIfAborted();
    const page = await memories.list(filter, { limit: MOST_FOUND, offset, order }, caller);
    const stale = await anchors.stale(page.memories, ALL_STALE);
    found.push(...page.memories.filter(({ id }) => stale.has(id)));
    if (page.memories.length < MOST_FOUND) return found;
  }
}

/** What the store is asked for by these filters. */
export function filterOf(filters: Filters, caller: Caller): MemoryFilter {
  const { agent, ids, namespace, pinned, priorities, review, session, since, tags, types, until } = filters;
  return withoutUndefined({
    namespaces: readNamespaces(namespace, caller),
    types: types as readonly MemoryType[] | undefined,
    priorities: priorities as readonly Priority[] | undefined,
    ...{ agent, ids, pinned, session, since, tags, until },
    ...(review === 'unreviewed' ? { unreviewed: true as const } : { review }),
  });
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
