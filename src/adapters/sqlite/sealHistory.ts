import type { Database } from './database.ts';
import type { Vault } from './vault.ts';

/**
 * A memory became sensitive: its old versions and its entries in the operation log are encrypted too, inside the transaction of the
 * change itself. They stay so when it becomes open again: it may have said other things before.
 */
export function sealHistory(database: Database, vault: Vault, num: number, id: string): void {
  const memory = { id, sensitive: true };
  for (const row of database.all('SELECT version, memory FROM memory_versions WHERE num = ?', num)) {
    const fields = vault.fromJson(row['memory'] as string, id);
    database.run(
      'UPDATE memory_versions SET memory = ? WHERE num = ? AND version = ?',
      vault.toJson(fields, memory),
      num,
      row['version']!,
    );
  }
  for (const row of database.all('SELECT seq, patch FROM operations WHERE memory_id = ?', id)) {
    const fields = vault.fromJson(row['patch'] as string, id);
    database.run('UPDATE operations SET patch = ? WHERE seq = ?', vault.toJson(fields, memory), row['seq']!);
  }
}

/** A memory became sensitive, or open again: its vectors are written anew, but for those of an earlier text, which are due anyway. */
export function sealVectors(database: Database, vault: Vault, num: number, sensitive: boolean): void {
  database.run(
    'DELETE FROM embeddings WHERE num = ?1 AND model IN (SELECT model FROM pending_embeddings WHERE num = ?1)',
    num,
  );
  for (const row of database.all('SELECT position, vector FROM embeddings WHERE num = ?', num)) {
    const vector = vault.openVector(row['vector'] as Uint8Array, num);
    database.run(
      'UPDATE embeddings SET vector = ? WHERE position = ?',
      sensitive ? vault.sealVector(vector, num) : vector,
      row['position']!,
    );
  }
}
