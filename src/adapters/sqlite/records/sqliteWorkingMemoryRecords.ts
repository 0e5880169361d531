import type { Span } from '../../../engine/model/span.ts';
import type {
  WorkingMemoryFilter,
  WorkingMemoryKey,
  WorkingMemoryRecords,
} from '../../../engine/ports/workingMemoryRecords.ts';
import { checkWorkingMemory } from '../../../engine/records/checkWorkingMemory.ts';
import { ConditionList } from '../conditionList.ts';
import type { Database } from '../database.ts';

const ALIVE = '(expires_at IS NULL OR expires_at > ?)';

export class SqliteWorkingMemoryRecords implements WorkingMemoryRecords {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async put(key: WorkingMemoryKey, text: string, lifeMs: number | null): Promise<void> {
    checkWorkingMemory(key);
    await this.#database.write(() => {
      const now = this.#now();
      this.#database.run('DELETE FROM working_memories WHERE expires_at <= ?', now);
      this.#database.run(
        `INSERT INTO working_memories (namespace, user, session, at, expires_at, text) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (session, namespace, user) DO UPDATE SET at = excluded.at, expires_at = excluded.expires_at,
           text = excluded.text`,
        ...[key.namespace, key.user, key.session, now, lifeMs === null ? null : now + lifeMs, text],
      );
    });
  }

  async get(key: WorkingMemoryKey): Promise<string | undefined> {
    checkWorkingMemory(key);
    const row = await this.#database.look(() =>
      this.#database.get(
        `SELECT text FROM working_memories WHERE session = ? AND namespace = ? AND user = ? AND ${ALIVE}`,
        ...[key.session, key.namespace, key.user, this.#now()],
      ),
    );
    return row?.['text'] as string | undefined;
  }

  async list({ namespaces, session, user }: WorkingMemoryFilter, { limit, offset }: Span) {
    const { sql, params } = new ConditionList()
      .add(ALIVE, this.#now())
      .oneOf('namespace', namespaces)
      .is('user', user)
      .is('session', session);
    return this.#database.read(() => ({
      keys: this.#database
        .all(
          `SELECT namespace, user, session FROM working_memories WHERE ${sql}
           ORDER BY at DESC, session DESC LIMIT ? OFFSET ?`,
          ...[...params, limit, offset],
        )
        .map(row => row as unknown as WorkingMemoryKey)
        .map(row => ({ namespace: row.namespace, user: row.user, session: row.session })),
      total: this.#database.get(`SELECT count(*) AS n FROM working_memories WHERE ${sql}`, ...params)![
        'n'
      ] as number,
    }));
  }

  async remove(key: WorkingMemoryKey): Promise<void> {
    checkWorkingMemory(key);
    await this.#database.write(() =>
      this.#database.run(
        'DELETE FROM working_memories WHERE session = ? AND namespace = ? AND user = ?',
        ...[key.session, key.namespace, key.user],
      ),
    );
  }
}
