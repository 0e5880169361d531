import type { Memory } from '../../engine/model/memory.ts';
import type { Span } from '../../engine/model/span.ts';
import type {
  MemoryFilter,
  MemoryVersion,
  UnreviewedMemory,
  Viewer,
} from '../../engine/ports/memoryStore.ts';
import { type Conditions, matching } from './conditions.ts';
import type { Database } from './database.ts';
import type { Row } from './driver.ts';
import { toMemory } from './memoryRow.ts';
import type { Vault } from './vault.ts';

/** The last operation of whoever wrote what waits, whatever others did after it; where it did not come along, the newest known. */
const LAST = `coalesce((SELECT max(seq) FROM operations WHERE memory_id = memories.id AND principal = unreviewed_by),
  (SELECT max(seq) FROM operations WHERE memory_id = memories.id))`;

/** It was accepted by mistake. */
const TAKEN_BACK = 'EXISTS (SELECT 1 FROM operations WHERE id = replaced_by AND undoes IS NOT NULL)';

/** See `MemoryStore.unreviewed`; inside a read transaction. @param then those whom an old version was shown to */
export function listUnreviewed(
  { database, vault }: { readonly database: Database; readonly vault: Vault },
  filter: MemoryFilter,
  { limit, offset }: Span,
  viewer: Viewer,
  then: Conditions,
  { instance, now }: { readonly instance: string | undefined; readonly now: number },
): { memories: readonly UnreviewedMemory[]; total: number } {
  const { sql, params } = matching({ ...filter, unreviewed: true }, viewer, now);
  const from = `FROM memories INDEXED BY memories_unreviewed WHERE ${sql}
    ${instance === undefined ? '' : `AND (SELECT instance FROM operations WHERE seq = ${LAST}) = ?`}`;
  const all = [...params, ...(instance === undefined ? [] : [instance])];
  // Numbers first: only of those that are shown is it asked who wrote them.
  const rows = database.all(
    `SELECT memories.*, o.principal AS by_principal, o.instance AS by_instance, o.at AS by_at
     FROM memories LEFT JOIN operations AS o ON o.seq = ${LAST}
     WHERE num IN (SELECT num ${from} ORDER BY updated_at DESC, num DESC LIMIT ? OFFSET ?)
     ORDER BY memories.updated_at DESC, num DESC`,
    ...all,
    limit,
    offset,
  );
  return {
    memories: rows.map(row => ({
      memory: toMemory(row, vault),
      accepted: acceptedVersion(database, vault, row, then),
      by: (row['unreviewed_by'] ?? row['by_principal'] ?? row['owner']) as string,
      instance: (row['by_instance'] ?? '') as string,
      at: (row['by_at'] ?? row['updated_at']) as number,
    })),
    total: database.get(`SELECT count(*) AS n ${from}`, ...all)!['n'] as number,
  };
}

function acceptedVersion(
  database: Database,
  vault: Vault,
  { id, num, version }: Row,
  then: Conditions,
): MemoryVersion | undefined {
  if (version === 1) return undefined;
  const row = database.get(
    `SELECT * FROM memory_versions WHERE num = ? AND memory ->> 'review' = 'accepted' AND NOT ${TAKEN_BACK} AND ${then.sql}
     ORDER BY version DESC LIMIT 1`,
    num!,
    ...then.params,
  );
  return (
    row && {
      version: row['version'] as number,
      memory: vault.fromJson<Memory>(row['memory'] as string, id as string),
      replacedBy: row['replaced_by'] as string,
      replacedAt: row['replaced_at'] as number,
    }
  );
}
