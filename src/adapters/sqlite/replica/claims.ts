import type { Memory } from '../../../engine/model/memory.ts';
import type { Row } from '../driver.ts';
import { toOperation } from '../operationRow.ts';
import type { MergeParts } from './mergeParts.ts';
import type { Travelling } from './travelling.ts';

/** Of a memory whose claims would tell what is encrypted: anything may concern it. */
const ANYTHING = 'anything';

/**
 * Whether what others did concerns anything that waits here: the same memory, or a content or an id in another system that a waiting
 * memory has, or had meanwhile. All else may be done in any order.
 */
export function concernsWaiting(parts: MergeParts, entries: readonly Travelling[]): boolean {
  const { database } = parts;
  if (database.get('SELECT 1 FROM outbox LIMIT 1') === undefined) return false;
  // What it says is for those with the key.
  if (entries.some(({ sealed }) => sealed)) return true;
  const claims = entries.flatMap(({ operation }) => [
    ...saidBy(parts, operation),
    ...keptOf(parts, operation['memory_id'] as string).claims,
  ]);
  const found = database.get(
    'SELECT 1 FROM outbox_claims WHERE claim IN (SELECT value FROM json_each(?)) LIMIT 1',
    JSON.stringify([ANYTHING, ...new Set(claims)]),
  );
  return found !== undefined;
}

/**
 * Notes what a memory that waits claims: what it has now, and what a change said; inside the transaction of the change.
 * @param operation the change, once it is done
 */
export function claim(parts: MergeParts, id: string, operation?: Row): void {
  const { database } = parts;
  const { claims, sensitive } = keptOf(parts, id);
  const all = sensitive ? [ANYTHING] : [...claims, ...(operation ? saidBy(parts, operation) : [])];
  if (sensitive) database.run('DELETE FROM outbox_claims WHERE memory_id = ?', id);
  for (const one of all)
    database.run('INSERT OR IGNORE INTO outbox_claims (claim, memory_id) VALUES (?, ?)', one, id);
}

function saidBy({ sha256, vault }: MergeParts, operation: Row): readonly string[] {
  const { content, externalId } = toOperation({ ...operation, seq: 0 }, vault).patch as Partial<Memory>;
  return [
    ...(content === undefined ? [] : [`content ${sha256(content)}`]),
    ...(externalId ? [`external ${externalId}`] : []),
  ];
}

function keptOf({ database }: MergeParts, id: string): { claims: readonly string[]; sensitive: boolean } {
  const row = database.get('SELECT content_hash, external_id, sensitive FROM memories WHERE id = ?', id);
  const { content_hash: hash, external_id: external, sensitive } = row ?? {};
  return {
    claims: [
      `memory ${id}`,
      ...(hash ? [`content ${hash}`] : []),
      ...(external ? [`external ${external}`] : []),
    ],
    sensitive: sensitive === 1,
  };
}
