import type { Memory } from '../../engine/model/memory.ts';
import type { MemoryFilter, Page, Viewer } from '../../engine/ports/memoryStore.ts';
import type { Bindable } from './bind.ts';

/** A WHERE clause and its parameters. */
export interface Conditions {
  readonly sql: string;
  readonly params: readonly Bindable[];
}

/** Where a statement finds what decides who may see: columns or expressions. */
export interface Audience {
  readonly visibility: string;
  readonly owner: string;
  readonly sharedWith: string;
  /** What is read of it is encrypted. */
  readonly sensitive: string;
}

/** As the memory is now. */
const PRESENT: Audience = {
  visibility: 'visibility',
  owner: 'owner',
  sharedWith: 'shared_with',
  sensitive: 'sensitive',
};

/**
 * Sensitive memories are there for a connection that can decrypt them: see `Vault.unlock`. What most connections can comes first, and
 * spares the rest.
 */
export function readable(sensitive = 'sensitive'): string {
  return `((SELECT level FROM temp.clearance) = 1 OR NOT ${sensitive})`;
}

/**
 * What a viewer may see: the one place that says it. Public memories, the viewer's own, and those shared with its principal or
 * its client.
 */
export function visibleTo(
  viewer: Viewer,
  { visibility, owner, sharedWith, sensitive }: Audience = PRESENT,
): Conditions {
  return {
    sql: `(${visibility} = 'public' OR ${owner} = ? OR (${visibility} = 'shared'
      AND EXISTS (SELECT 1 FROM json_each(${sharedWith}) WHERE value IN (?, ?)))) AND ${readable(sensitive)}`,
    params: [viewer.principal, viewer.principal, viewer.client],
  };
}

/** Those among whom one content, and one id of another system, is one memory: everybody, or the owner alone. As the unique indexes have it. */
export const COMPANY = "CASE visibility WHEN 'public' THEN '' ELSE owner END";

/** `COMPANY`, for a memory at hand. */
export function companyOf({ owner, visibility }: Pick<Memory, 'owner' | 'visibility'>): string {
  return visibility === 'public' ? '' : owner;
}

/** Its time is over (`?`); never for what is pinned or critical. */
export const EXPIRED = "pinned = 0 AND priority <> 'critical' AND expires_at IS NOT NULL AND expires_at <= ?";
const NOT_EXPIRED = "(expires_at IS NULL OR pinned = 1 OR priority = 'critical' OR expires_at > ?)";

/** Live memories that match and that the viewer may see. */
export function matching(filter: MemoryFilter, viewer: Viewer, now: number): Conditions {
  const sql: string[] = ['deleted_at IS NULL'];
  const params: Bindable[] = [];
  const add = (condition: string, ...values: Bindable[]) => {
    sql.push(condition);
    params.push(...values);
  };
  const oneOf = (column: string, values: readonly string[] | undefined) => {
    if (values) add(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values));
  };
  oneOf('namespace', filter.namespaces);
  oneOf('id', filter.ids);
  oneOf('type', filter.types);
  oneOf('priority', filter.priorities);
  if (filter.agent !== undefined) add('agent = ?', filter.agent);
  if (filter.session !== undefined) add('session = ?', filter.session);
  // Written out, since a parameter would hide the partial index from the planner.
  if (filter.pinned !== undefined) add(filter.pinned ? 'pinned = 1' : 'pinned = 0');
  if (filter.since !== undefined) add('created_at >= ?', filter.since);
  if (filter.until !== undefined) add('created_at < ?', filter.until);
  if (filter.externalId !== undefined) add('external_id = ?', filter.externalId);
  // A range, since LIKE would need escapes and finds no index.
  if (filter.externalIdPrefix !== undefined)
    add(
      'external_id >= ? AND external_id < ?',
      filter.externalIdPrefix,
      `${filter.externalIdPrefix}\u{10ffff}`,
    );
  if (filter.tags && filter.tags.length > 0) {
    add(
      `num IN (SELECT num FROM memory_tags WHERE tag IN (SELECT value FROM json_each(?))
        GROUP BY num HAVING count(*) = ?)`,
      JSON.stringify([...new Set(filter.tags)]),
      new Set(filter.tags).size,
    );
  }
  if (filter.path !== undefined) {
    add(
      "anchors <> '[]' AND EXISTS (SELECT 1 FROM json_each(anchors) WHERE value ->> 'path' = ?)",
      filter.path,
    );
  }
  if (filter.expiredAt !== undefined) add(EXPIRED, filter.expiredAt);
  else if (!filter.ids) add(NOT_EXPIRED, now);
  const visible = visibleTo(viewer);
  return { sql: [...sql, visible.sql].join(' AND '), params: [...params, ...visible.params] };
}

/**
 * The table to count in: with the index that holds everything such a filter asks for, which the planner would not find without
 * statistics. Other filters pick few memories, by indexes of their own.
 */
export function tableToCount(filter: MemoryFilter): string {
  return tableOfFew(filter) ?? 'memories INDEXED BY memories_scan';
}

/** The table to page through: with the index that yields the order, so that a page reads little more than its own rows. */
export function tableToPage(filter: MemoryFilter, order: Page['order'] = 'created'): string {
  const few = tableOfFew(filter);
  if (few) return few;
  if (order === 'updated' && filter.namespaces) return 'memories INDEXED BY memories_updated';
  if (order !== 'created' && order !== 'oldest') return 'memories';
  if (filter.agent !== undefined) return 'memories INDEXED BY memories_agent';
  return `memories INDEXED BY ${filter.namespaces ? 'memories_created' : 'memories_time'}`;
}

/** For a filter that picks few memories, whatever else it asks; undefined for the others. */
function tableOfFew({
  ids,
  session,
  tags,
  pinned,
  externalId,
  externalIdPrefix,
  path,
  expiredAt,
}: MemoryFilter): string | undefined {
  const planned = ids ?? session ?? externalId ?? externalIdPrefix ?? (tags?.length ? tags : undefined);
  if (planned !== undefined) return 'memories';
  if (path !== undefined) return 'memories INDEXED BY memories_anchored';
  if (expiredAt !== undefined) return 'memories INDEXED BY memories_expiry';
  if (pinned === true) return 'memories INDEXED BY memories_pinned';
  return undefined;
}
