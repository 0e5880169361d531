import { EVERYBODY } from '../../engine/model/caller.ts';
import type { Memory } from '../../engine/model/memory.ts';
import type { MemoryFilter, Page, Viewer } from '../../engine/ports/memoryStore.ts';
import type { Bindable } from './bind.ts';
import { ConditionList } from './conditionList.ts';
import { kept } from './kept.ts';
import { addLabels } from './labelConditions.ts';

/** A WHERE clause and its parameters. */
export interface Conditions {
  readonly sql: string;
  readonly params: readonly Bindable[];
}

/** Where a statement finds what decides who may see: columns or expressions. */
export interface Audience {
  readonly namespace: string;
  readonly visibility: string;
  readonly owner: string;
  readonly sharedWith: string;
  /** What is read of it is encrypted. */
  readonly sensitive: string;
  /** Absent for what tells nothing of what the memory says. */
  readonly review?: { readonly state: string; readonly by: string };
}

/** As the memory is now. */
const PRESENT: Audience = {
  namespace: 'namespace',
  visibility: 'visibility',
  owner: 'owner',
  sharedWith: 'shared_with',
  sensitive: 'sensitive',
  review: { state: 'review', by: 'unreviewed_by' },
};

/**
 * Sensitive memories are there for a connection that can decrypt them: see `Vault.unlock`. What most connections can comes first, and
 * spares the rest.
 */
export function readable(sensitive = 'sensitive'): string {
  return `((SELECT level FROM temp.clearance) = 1 OR NOT ${sensitive})`;
}

/** What nobody has reviewed is there for its author, where this store holds it back: see `EmbeddedStoreOptions.reviewedOnly`. */
function reviewed({ state, by }: NonNullable<Audience['review']>): string {
  return ` AND ((SELECT reviewed_only FROM temp.clearance) = 0 OR ${state} = 'accepted' OR ${by} = ?)`;
}

/**
 * What a viewer may see: the one place that says it. Public memories, the viewer's own, and those shared with its principal or
 * its client; of them what was reviewed, where that is demanded, and what lies in the namespaces that it is bound to.
 */
export function visibleTo(viewer: Viewer, audience: Audience = PRESENT): Conditions {
  const { client, namespaces, principal, unreviewedOf = principal } = viewer;
  const params: Bindable[] = [principal, principal, client];
  const heldBack = audience.review !== undefined && unreviewedOf !== EVERYBODY;
  if (heldBack) params.push(unreviewedOf);
  if (namespaces) params.push(JSON.stringify(namespaces));
  return { sql: visibility(audience)[heldBack ? 'heldBack' : 'all'][namespaces ? 'bound' : 'free'], params };
}

/** The texts of `visibleTo`, made once: statements are found by their text, and one that was put together anew takes long to compare. */
const visibility = kept(({ namespace, visibility, owner, sharedWith, sensitive, review }: Audience) => {
  const seen = `(${visibility} = 'public' OR ${owner} = ? OR (${visibility} = 'shared'
      AND EXISTS (SELECT 1 FROM json_each(${sharedWith}) WHERE value IN (?, ?)))) AND ${readable(sensitive)}`;
  const within = (sql: string) => ({
    free: sql,
    bound: `${sql} AND ${namespace} IN (SELECT value FROM json_each(?))`,
  });
  return { all: within(seen), heldBack: within(review ? seen + reviewed(review) : seen) };
});

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
  const wanted = new ConditionList()
    .add('deleted_at IS NULL')
    .oneOf('namespace', filter.namespaces)
    .oneOf('id', filter.ids)
    .oneOf('type', filter.types)
    .oneOf('priority', filter.priorities)
    .is('agent', filter.agent)
    .is('session', filter.session)
    .is('review', filter.review)
    .is('external_id', filter.externalId);
  // Written out, since a parameter would hide the partial index from the planner.
  if (filter.unreviewed) wanted.add("review = 'unreviewed'");
  if (filter.pinned !== undefined) wanted.add(filter.pinned ? 'pinned = 1' : 'pinned = 0');
  if (filter.since !== undefined) wanted.add('created_at >= ?', filter.since);
  if (filter.until !== undefined) wanted.add('created_at < ?', filter.until);
  // A range, since LIKE would need escapes and finds no index.
  if (filter.externalIdPrefix !== undefined)
    wanted.add(
      'external_id >= ? AND external_id < ?',
      filter.externalIdPrefix,
      `${filter.externalIdPrefix}\u{10ffff}`,
    );
  if (filter.tags && filter.tags.length > 0) {
    wanted.add(
      `num IN (SELECT num FROM memory_tags WHERE tag IN (SELECT value FROM json_each(?))
        GROUP BY num HAVING count(*) = ?)`,
      JSON.stringify([...new Set(filter.tags)]),
      new Set(filter.tags).size,
    );
  }
  for (const condition of filter.labels ?? []) addLabels(wanted, condition);
  if (filter.path !== undefined) {
    const lined = filter.lined === undefined ? '' : ` AND lined = ${Number(filter.lined)}`;
    wanted.add(`num IN (SELECT num FROM memory_paths WHERE path = ?${lined})`, filter.path);
  }
  if (filter.anchored) wanted.add('num IN (SELECT num FROM memory_paths)');
  if (filter.expiredAt !== undefined) wanted.add(EXPIRED, filter.expiredAt);
  else if (!filter.ids) wanted.add(NOT_EXPIRED, now);
  const visible = visibleTo(viewer);
  return wanted.add(visible.sql, ...visible.params);
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
  unreviewed,
  anchored,
  labels,
}: MemoryFilter): string | undefined {
  const planned =
    ids ?? session ?? externalId ?? externalIdPrefix ?? path ?? (tags?.length ? tags : undefined);
  const labelled = labels?.some(({ any, between, startsWith }) => any ?? between ?? startsWith);
  if (planned !== undefined || labelled || anchored) return 'memories';
  if (expiredAt !== undefined) return 'memories INDEXED BY memories_expiry';
  if (unreviewed) return 'memories INDEXED BY memories_unreviewed';
  if (pinned === true) return 'memories INDEXED BY memories_pinned';
  return undefined;
}

/** The id that is meant by an id: its own, or that of the memory that stands in its place. Asks for it twice. */
export const MEANT = `coalesce((SELECT stands_for FROM memory_aliases WHERE memory_aliases.id = ?
  AND NOT EXISTS (SELECT 1 FROM memories AS own WHERE own.id = memory_aliases.id)), ?)`;
