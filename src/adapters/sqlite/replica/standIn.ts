import type { Memory } from '../../../engine/model/memory.ts';
import { COMPANY, companyOf } from '../conditions.ts';
import type { Database } from '../database.ts';
import type { Row, SqlValue } from '../driver.ts';
import { toKept } from '../memoryWriter.ts';
import { toOperation } from '../operationRow.ts';
import type { MergeParts } from './mergeParts.ts';

/**
 * The memory that is here in the place of one that was created elsewhere: of the same id, of the same id in another system, or of the
 * same content, in the company that sees it.
 * @param row the creation, of `operations`
 * @returns its id; undefined when there is none
 */
export function standInFor(parts: MergeParts, row: Row): string | undefined {
  const { database, vault } = parts;
  const { id, memoryId, namespace, patch } = toOperation({ ...row, seq: 0 }, vault);
  const { owner, visibility } = patch as Memory;
  const same = database.get('SELECT * FROM memories WHERE id = ?', memoryId);
  if (same) {
    const deleted = same['deleted_at'] !== null;
    const fits =
      same['owner'] === owner || (!deleted && same['visibility'] === 'public' && visibility === 'public');
    // Somebody else's, or elsewhere: neither learns of the other.
    return fits && (deleted || same['namespace'] === namespace) ? memoryId : id;
  }
  return keeperOf(parts, { ...(patch as Memory), namespace });
}

/** The memory that has taken the place of one that was deleted, so that this one cannot come back. @returns its id; undefined when there is none */
export function heirOf(parts: MergeParts, id: string): string | undefined {
  const row = parts.database.get('SELECT * FROM memories WHERE id = ? AND deleted_at IS NOT NULL', id);
  return row && keeperOf(parts, toKept(row, parts.vault).memory);
}

/** Who has the id in another system or the content of this memory, in the company that sees it. */
function keeperOf({ database, vault }: MergeParts, memory: Memory): string | undefined {
  const { content, contentHash, externalId, namespace } = memory;
  // Each by its own index: asked for either at once, the whole namespace is read.
  const kept = (condition: string, ...params: SqlValue[]) =>
    database.get(
      `SELECT id FROM memories WHERE namespace = ? AND deleted_at IS NULL AND ${condition} AND ${COMPANY} = ?`,
      namespace,
      ...params,
      companyOf(memory),
    )?.['id'] as string | undefined;
  return (
    (externalId === null ? undefined : kept('external_id = ?', externalId)) ??
    kept('content_hash IN (?, ?)', contentHash, vault.hash(content) ?? contentHash)
  );
}

/** The operation, on another memory. What is encrypted is bound to its memory, and so encrypted anew. */
export function redirected({ vault }: MergeParts, row: Row, id: string): Row {
  const { patch } = toOperation({ ...row, seq: 0 }, vault);
  const sensitive = 'sealed' in (JSON.parse(row['patch'] as string) as object);
  return { ...row, memory_id: id, patch: vault.toJson(patch, { id, sensitive }) };
}

/** Whoever was told the id when the memory was stored goes on with it. */
export function noteAlias(database: Database, id: string, standsFor: string): void {
  database.run('UPDATE memory_aliases SET stands_for = ? WHERE stands_for = ?', standsFor, id);
  database.run('INSERT OR REPLACE INTO memory_aliases VALUES (?, ?)', id, standsFor);
}
