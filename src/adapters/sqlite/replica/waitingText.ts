import type { SqlValue } from '../driver.ts';
import type { Vault } from '../vault.ts';
import type { MergeParts } from './mergeParts.ts';

/** What the outbox keeps of a memory, as JSON: readable, or encrypted as a whole. */
export function readWaiting<T extends object>(vault: Vault, text: SqlValue, memoryId: SqlValue): T {
  const value = JSON.parse(text as string) as T & { readonly whole?: string };
  return value.whole === undefined ? value : vault.open<T>(value.whole, memoryId as string);
}

/** Encrypts what waits of a memory that is sensitive now; inside the transaction of the change that waits. */
export function concealWaiting({ database, vault }: MergeParts, memoryId: string): void {
  if (database.get('SELECT sensitive FROM memories WHERE id = ?', memoryId)?.['sensitive'] !== 1) return;
  const conceal = (text: SqlValue) =>
    JSON.stringify({ whole: vault.seal(readWaiting(vault, text, memoryId), memoryId) });
  for (const { num, entry } of database.all('SELECT num, entry FROM outbox WHERE memory_id = ?', memoryId))
    database.run('UPDATE outbox SET entry = ? WHERE num = ?', conceal(entry!), num!);
  const base = database.get('SELECT base FROM outbox_base WHERE memory_id = ?', memoryId)?.['base'];
  if (base !== null && base !== undefined)
    database.run('UPDATE outbox_base SET base = ? WHERE memory_id = ?', conceal(base), memoryId);
}
