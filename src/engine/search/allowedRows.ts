import { MEMORY_TYPES, PRIORITIES, VISIBILITIES } from '../model/memory.ts';
import type { Catalog } from './catalog.ts';
import { labelTest } from './labelTest.ts';
import { namespacesSeen } from './namespacesSeen.ts';
import type { SearchQuery } from './searchQuery.ts';

/** Which rows a query may see, and what ranking must know of all of them. */
export interface AllowedRows {
  /** 1 for each row that may be found. */
  readonly bits: Uint8Array;
  readonly count: number;
  /** Mean number of words, at least 1. */
  readonly meanWords: number;
}

const PUBLIC = VISIBILITIES.indexOf('public');
const SHARED = VISIBILITIES.indexOf('shared');
const ARCHIVE = PRIORITIES.indexOf('archive');

/** Rights, time and filters in one pass over the columns. @param bits reused; at least as long as the catalogue */
export function allowedRows(catalog: Catalog, query: SearchQuery, bits: Uint8Array): AllowedRows {
  const { viewer, now } = query;
  const seen = namespacesSeen(query);
  const namespaces = seen && flags(catalog, seen);
  const owner = catalog.names.find(viewer.principal) ?? -1;
  const reviewedOnly = query.unreviewedOf !== undefined;
  const author = reviewedOnly ? (catalog.names.find(query.unreviewedOf!) ?? -1) : 0;
  const agent = query.agent === undefined ? 0 : (catalog.names.find(query.agent) ?? -1);
  const types = query.types && maskOf(query.types.map(type => MEMORY_TYPES.indexOf(type)));
  const priorities = query.priorities
    ? maskOf(query.priorities.map(priority => PRIORITIES.indexOf(priority)))
    : ~(1 << ARCHIVE);
  const tags = (query.tags ?? []).map(tag => catalog.tags.find(tag) ?? -1);
  const sessions = query.session === undefined ? undefined : sessionsNamed(catalog, query);
  const labels = (query.labels ?? []).map(condition => labelTest(catalog, condition));
  const among = query.among && new Set(query.among);
  const since = query.since ?? Number.NEGATIVE_INFINITY;
  const until = query.until ?? Number.POSITIVE_INFINITY;
  let count = 0;
  let words = 0;
  bits.fill(0, 0, catalog.rows);
  for (let row = 0; row < catalog.rows; row++) {
    if (catalog.alive[row] === 0) continue;
    if (namespaces && namespaces[catalog.namespace[row]!] !== 1) continue;
    if (((priorities >> catalog.priority[row]!) & 1) === 0) continue;
    if (catalog.visibility[row] !== PUBLIC && catalog.owner[row] !== owner && !isShared(catalog, row, query))
      continue;
    if (reviewedOnly && catalog.unreviewedBy[row] !== 0 && catalog.unreviewedBy[row] !== author) continue;
    const expires = catalog.expires[row]!;
    if (expires !== 0 && expires <= now) continue;
    if (catalog.validFrom[row]! > now) continue;
    const validUntil = catalog.validUntil[row]!;
    if (validUntil !== 0 && validUntil <= now) continue;
    if (types !== undefined && ((types >> catalog.type[row]!) & 1) === 0) continue;
    if (agent !== 0 && catalog.agent[row] !== agent) continue;
    if (sessions && !sessions.has(catalog.session[row]!)) continue;
    const created = catalog.created[row]!;
    if (created < since || created >= until) continue;
    if (tags.length > 0 && !tags.every(tag => catalog.hasTag(row, tag))) continue;
    if (!labels.every(fits => fits(row))) continue;
    if (among && !among.has(catalog.ids[row]!)) continue;
    bits[row] = 1;
    count += 1;
    words += catalog.words[row]!;
  }
  return { bits, count, meanWords: Math.max(1, words / Math.max(1, count)) };
}

function isShared(catalog: Catalog, row: number, { viewer }: SearchQuery): boolean {
  if (catalog.visibility[row] !== SHARED) return false;
  const names = catalog.sharedWith.get(row);
  return names !== undefined && (names.includes(viewer.principal) || names.includes(viewer.client));
}

function flags(catalog: Catalog, names: readonly string[]): Uint8Array {
  const set = new Uint8Array(catalog.names.size + 1);
  for (const name of names) {
    const number = catalog.names.find(name);
    if (number !== undefined) set[number] = 1;
  }
  return set;
}

function sessionsNamed(catalog: Catalog, { session, namespaces }: SearchQuery): Set<number> {
  if (namespaces)
    return new Set(namespaces.map(namespace => catalog.names.find(`${namespace}\n${session}`) ?? -1));
  const wanted = `\n${session}`;
  return new Set(catalog.names.strings().flatMap((name, i) => (name.endsWith(wanted) ? [i + 1] : [])));
}

function maskOf(bits: readonly number[]): number {
  return bits.reduce((mask, bit) => mask | (1 << bit), 0);
}
