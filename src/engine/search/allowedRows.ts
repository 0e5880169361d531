import { MEMORY_TYPES, PRIORITIES, VISIBILITIES } from '../model/memory.ts';
import type { Catalog } from './catalog.ts';
import { grown } from './growable.ts';
import { labelTest } from './labelTest.ts';
import { namespacesSeen } from './namespacesSeen.ts';
import type { SearchQuery } from './searchQuery.ts';

/** What a query may see; neither its text nor its ranking matter. */
export type Conditions = Omit<SearchQuery, 'text' | 'vector' | 'limit' | 'threshold' | 'balance'>;

const PUBLIC = VISIBILITIES.indexOf('public');
const SHARED = VISIBILITIES.indexOf('shared');
const ARCHIVE = PRIORITIES.indexOf('archive');

/** Which rows a query may see, and what ranking must know of all of them. */
export class AllowedRows {
  /** 1 for each row that may be found; at least as long as the catalogue. */
  bits = new Uint8Array(0);
  count = 0;
  /** When time changes next what may be found, ms since the epoch. */
  until = Number.POSITIVE_INFINITY;
  /** Rows that were looked at. */
  #rows = 0;
  #words = 0;

  /** Mean number of words, at least 1. */
  get meanWords(): number {
    return Math.max(1, this.#words / Math.max(1, this.count));
  }

  /** Rights, filters and time in one pass over the rows that were added since. @param conditions the same each time, but for `now` */
  extend(catalog: Catalog, conditions: Conditions): void {
    if (this.#rows === catalog.rows) return;
    const { viewer, now } = conditions;
    const seen = namespacesSeen(conditions);
    const namespaces = seen && flags(catalog, seen);
    const owner = catalog.names.find(viewer.principal) ?? -1;
    const reviewedOnly = conditions.unreviewedOf !== undefined;
    const author = reviewedOnly ? (catalog.names.find(conditions.unreviewedOf!) ?? -1) : 0;
    const agent = conditions.agent === undefined ? 0 : (catalog.names.find(conditions.agent) ?? -1);
    const types = conditions.types && maskOf(conditions.types.map(type => MEMORY_TYPES.indexOf(type)));
    const priorities = conditions.priorities
      ? maskOf(conditions.priorities.map(priority => PRIORITIES.indexOf(priority)))
      : ~(1 << ARCHIVE);
    const tags = (conditions.tags ?? []).map(tag => catalog.tags.find(tag) ?? -1);
    const sessions = conditions.session === undefined ? undefined : sessionsNamed(catalog, conditions);
    const labels = (conditions.labels ?? []).map(condition => labelTest(catalog, condition));
    const among = conditions.among && new Set(conditions.among);
    const since = conditions.since ?? Number.NEGATIVE_INFINITY;
    const before = conditions.until ?? Number.POSITIVE_INFINITY;
    this.bits = grown(this.bits, catalog.rows);
    const { bits } = this;
    let { count, until } = this;
    let words = this.#words;
    for (let row = this.#rows; row < catalog.rows; row++) {
      if (catalog.alive[row] === 0) continue;
      if (namespaces && namespaces[catalog.namespace[row]!] !== 1) continue;
      if (((priorities >> catalog.priority[row]!) & 1) === 0) continue;
      if (
        catalog.visibility[row] !== PUBLIC &&
        catalog.owner[row] !== owner &&
        !isShared(catalog, row, conditions)
      )
        continue;
      if (reviewedOnly && catalog.unreviewedBy[row] !== 0 && catalog.unreviewedBy[row] !== author) continue;
      if (types !== undefined && ((types >> catalog.type[row]!) & 1) === 0) continue;
      if (agent !== 0 && catalog.agent[row] !== agent) continue;
      if (sessions && !sessions.has(catalog.session[row]!)) continue;
      const created = catalog.created[row]!;
      if (created < since || created >= before) continue;
      if (tags.length > 0 && !tags.every(tag => catalog.hasTag(row, tag))) continue;
      if (labels.length > 0 && !labels.every(fits => fits(row))) continue;
      if (among && !among.has(catalog.ids[row]!)) continue;
      // Time last: whatever it changes concerns this query.
      const ends = endOf(catalog.expires[row]!, catalog.validUntil[row]!);
      if (ends <= now) continue;
      const begins = catalog.validFrom[row]!;
      if (begins > now) {
        if (begins < until) until = begins;
        continue;
      }
      if (ends < until) until = ends;
      bits[row] = 1;
      count += 1;
      words += catalog.words[row]!;
    }
    Object.assign(this, { count, until });
    this.#words = words;
    this.#rows = catalog.rows;
  }
}

export function allowedRows(catalog: Catalog, conditions: Conditions): AllowedRows {
  const allowed = new AllowedRows();
  allowed.extend(catalog, conditions);
  return allowed;
}

/** The earlier of two times of which 0 is none. */
function endOf(expires: number, validUntil: number): number {
  if (expires === 0) return validUntil === 0 ? Number.POSITIVE_INFINITY : validUntil;
  return validUntil === 0 || expires < validUntil ? expires : validUntil;
}

function isShared(catalog: Catalog, row: number, { viewer }: Conditions): boolean {
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

function sessionsNamed(catalog: Catalog, { session, namespaces }: Conditions): Set<number> {
  if (namespaces)
    return new Set(namespaces.map(namespace => catalog.names.find(`${namespace}\n${session}`) ?? -1));
  const wanted = `\n${session}`;
  return new Set(catalog.names.strings().flatMap((name, i) => (name.endsWith(wanted) ? [i + 1] : [])));
}

function maskOf(bits: readonly number[]): number {
  return bits.reduce((mask, bit) => mask | (1 << bit), 0);
}
