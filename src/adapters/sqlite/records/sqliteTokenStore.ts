import { MemoryError } from '../../../engine/errors.ts';
import type { NewToken, TokenRecord, TokenStore } from '../../../engine/ports/tokenStore.ts';
import { readRights } from '../../../engine/tokens/readRights.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';

export class SqliteTokenStore implements TokenStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add({ id, name, hash, rights, createdAt, expiresAt }: NewToken): Promise<void> {
    const { changes } = await this.#database.write(() =>
      this.#database.run(
        'INSERT OR IGNORE INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)',
        ...[id, name, hash, rights.scopes.join(' '), listOf(rights.namespaces)],
        ...[createdAt, expiresAt, listOf(rights.clients)],
      ),
    );
    if (changes === 0) throw new MemoryError('conflict', `The token "${id}" is there already.`, 'Try again.');
  }

  async get(id: string): Promise<TokenRecord | undefined> {
    const row = await this.#database.look(() => this.#database.get('SELECT * FROM tokens WHERE id = ?', id));
    return row && toToken(row);
  }

  async list(): Promise<readonly TokenRecord[]> {
    const rows = await this.#database.look(() =>
      this.#database.all('SELECT * FROM tokens ORDER BY name, created_at, id'),
    );
    return rows.map(toToken);
  }

  async expire(id: string, at: number): Promise<boolean> {
    const { changes } = await this.#database.write(() =>
      this.#database.run(
        'UPDATE tokens SET expires_at = min(coalesce(expires_at, ?2), ?2) WHERE id = ?1',
        id,
        at,
      ),
    );
    return changes > 0;
  }

  async remove(id: string): Promise<boolean> {
    const { changes } = await this.#database.write(() =>
      this.#database.run('DELETE FROM tokens WHERE id = ?', id),
    );
    return changes > 0;
  }

  async used(id: string, at: number): Promise<void> {
    await this.#database.write(() =>
      this.#database.run('UPDATE tokens SET used_at = max(coalesce(used_at, ?2), ?2) WHERE id = ?1', id, at),
    );
  }
}

function listOf(names: readonly string[] | undefined): string | null {
  return names ? JSON.stringify(names) : null;
}

function toToken(row: Row): TokenRecord {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    hash: row['hash'] as string,
    rights: readRights(
      row['scopes'] as string,
      row['namespaces'] as string | null,
      row['clients'] as string | null,
    ),
    createdAt: row['created_at'] as number,
    expiresAt: row['expires_at'] as number | null,
    usedAt: row['used_at'] as number | null,
  };
}
