import type { Memory } from '../../../engine/model/memory.ts';
import { COMPANY, companyOf } from '../conditions.ts';
import type { Row } from '../driver.ts';
import { toOperation } from '../operationRow.ts';
import type { MergeParts } from './mergeParts.ts';

/**
 * The memory that is here in the place of one that was created elsewhere: of the same id, of the same id in another system, or of the
 * same content, in the company that sees it.
 * @param row the creation, of `operations`
 * @returns its id; undefined when there is none
 */
export function standInFor({ database, vault }: MergeParts, row: Row): string | undefined {
  const { memoryId, namespace, patch } = toOperation({ ...row, seq: 0 }, vault);
  const { content, contentHash, externalId } = patch as Memory;
  const found = database.all(
    `SELECT id FROM memories WHERE id = ? OR (namespace = ? AND deleted_at IS NULL
       AND (external_id = ? OR content_hash IN (?, ?)) AND ${COMPANY} = ?)
     ORDER BY id = ? DESC, external_id = ? DESC LIMIT 1`,
    memoryId,
    namespace,
    externalId,
    contentHash,
    vault.hash(content) ?? contentHash,
    companyOf(patch as Memory),
    memoryId,
    externalId,
  );
  return found[0]?.['id'] as string | undefined;
}

/** The operation, on another memory. What is encrypted is bound to its memory, and so encrypted anew. */
export function redirected({ vault }: MergeParts, row: Row, id: string): Row {
  const { patch } = toOperation({ ...row, seq: 0 }, vault);
  const sensitive = 'sealed' in (JSON.parse(row['patch'] as string) as object);
  return { ...row, memory_id: id, patch: vault.toJson(patch, { id, sensitive }) };
}
