import {
  type NewSession,
  SESSION_TTL_MS,
  type SessionRecord,
  type SessionRecords,
} from '../../../engine/ports/sessionRecords.ts';
import { checkLimit, checkList, checkName } from '../../../engine/records/checkRecord.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';

export class SqliteSessionRecords implements SessionRecords {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async put(session: NewSession, username?: string): Promise<void> {
    checkName('The id of a session', session.id);
    checkList('The file', session.files);
    if (username !== undefined) checkName('A user name', username);
    await this.#database.write(() => {
      this.#database.run('DELETE FROM session_records WHERE at <= ?', this.#oldest());
      this.#database.run(
        `INSERT INTO session_records (id, at, context, files, current_task, last_tool, node) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET at = excluded.at, context = excluded.context, files = excluded.files,
           current_task = excluded.current_task, last_tool = excluded.last_tool, node = excluded.node`,
        session.id,
        this.#now(),
        session.context,
        session.files.join(','),
        session.currentTask,
        session.lastTool,
        session.node,
      );
      if (username !== undefined)
        this.#database.run('INSERT OR IGNORE INTO session_users VALUES (?, ?)', username, session.id);
    });
  }

  async get(id: string): Promise<SessionRecord | undefined> {
    const row = await this.#database.look(() =>
      this.#database.get('SELECT * FROM session_records WHERE id = ? AND at > ?', id, this.#oldest()),
    );
    return row && toSession(row);
  }

  async recent(limit: number, username?: string): Promise<readonly SessionRecord[]> {
    checkLimit(limit);
    const rows = await this.#database.look(() =>
      username === undefined
        ? this.#database.all(
            'SELECT * FROM session_records WHERE at > ? ORDER BY at DESC, id DESC LIMIT ?',
            this.#oldest(),
            limit,
          )
        : this.#database.all(
            `SELECT r.* FROM session_users AS u JOIN session_records AS r ON r.id = u.session
             WHERE u.username = ? AND r.at > ? ORDER BY r.at DESC, r.id DESC LIMIT ?`,
            username,
            this.#oldest(),
            limit,
          ),
    );
    return rows.map(toSession);
  }

  async remove(id: string): Promise<void> {
    await this.#database.write(() => this.#database.run('DELETE FROM session_records WHERE id = ?', id));
  }

  /** What is not younger is over. */
  #oldest(): number {
    return this.#now() - SESSION_TTL_MS;
  }
}

function toSession(row: Row): SessionRecord {
  const files = row['files'] as string;
  return {
    id: row['id'] as string,
    updatedAt: row['at'] as number,
    context: row['context'] as string,
    files: files === '' ? [] : files.split(','),
    currentTask: row['current_task'] as string,
    lastTool: row['last_tool'] as string,
    node: row['node'] as string,
  };
}
