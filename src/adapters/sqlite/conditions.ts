import type { MemoryFilter, Viewer } from '../../engine/ports/memoryStore.ts';
import type { Bindable } from './bind.ts';

/** A WHERE clause over `memories` and its parameters. */
export interface Conditions {
  readonly sql: string;
  readonly params: readonly Bindable[];
}

/**
 * What a viewer may see: the one place that says it. Public memories, the viewer's own, and those shared with its principal or
 * its client.
 */
export function visibleTo(viewer: Viewer): Conditions {
  return {
    sql: `(visibility = 'public' OR owner = ? OR (visibility = 'shared'
      AND EXISTS (SELECT 1 FROM json_each(shared_with) WHERE value IN (?, ?))))`,
    params: [viewer.principal, viewer.principal, viewer.client],
  };
}

/** Live memories that match and that the viewer may see; expired ones only when `expiredAt` asks for them. */
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
  if (filter.pinned !== undefined) add('pinned = ?', filter.pinned);
  if (filter.since !== undefined) add('created_at >= ?', filter.since);
  if (filter.until !== undefined) add('created_at < ?', filter.until);
  if (filter.externalId !== undefined) add('external_id = ?', filter.externalId);
  for (const tag of filter.tags ?? []) add('num IN (SELECT num FROM memory_tags WHERE tag = ?)', tag);
  if (filter.path !== undefined) {
    add(
      "anchors <> '[]' AND EXISTS (SELECT 1 FROM json_each(anchors) WHERE value ->> 'path' = ?)",
      filter.path,
    );
  }
  if (filter.expiredAt !== undefined) add('pinned = 0 AND expires_at <= ?', filter.expiredAt);
  else if (!filter.ids) add('(expires_at IS NULL OR pinned = 1 OR expires_at > ?)', now);
  const visible = visibleTo(viewer);
  return { sql: [...sql, visible.sql].join(' AND '), params: [...params, ...visible.params] };
}
