import { LEARNING_GROUPS, type LearningGroup } from '../../../engine/model/learningGroups.ts';
import {
  LEARNING_MAX_AGE_MS,
  LEARNING_MAX_ENTRIES,
  type LearningEntry,
  type LearningQueue,
  type LearningQueueSize,
  type QueuedEntry,
} from '../../../engine/ports/learningQueue.ts';
import { checkAmount, checkLimit, checkName } from '../../../engine/records/checkRecord.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { rowOf } from './rowId.ts';

export class SqliteLearningQueue implements LearningQueue {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async append(entries: readonly LearningEntry[]): Promise<readonly string[]> {
    for (const { durationMs } of entries) checkAmount('A duration', durationMs, { whole: true });
    return this.#database.write(() => {
      this.#dropOld();
      const ids = entries.map(entry => this.#append(entry));
      this.#database.run(
        'DELETE FROM learning_entries WHERE id <= (SELECT max(id) FROM learning_entries) - ?',
        LEARNING_MAX_ENTRIES,
      );
      return ids;
    });
  }

  async read(group: LearningGroup, consumer: string, count: number): Promise<readonly QueuedEntry[]> {
    checkName('A consumer', consumer);
    checkLimit(count);
    const unread = () =>
      this.#database.all(
        'SELECT * FROM learning_entries WHERE id > (SELECT last FROM learning_groups WHERE name = ?) ORDER BY id LIMIT ?',
        group,
        count,
      );
    // Most readers find nothing: they do not disturb the disk.
    if ((await this.#database.look(unread)).length === 0) return [];
    return this.#database.write(() => {
      this.#dropOld();
      const rows = unread();
      for (const row of rows) {
        this.#database.run(
          'INSERT INTO learning_pending VALUES (?, ?, ?, ?)',
          group,
          row['id']!,
          consumer,
          this.#now(),
        );
      }
      const last = rows.at(-1)?.['id'];
      if (last !== undefined)
        this.#database.run('UPDATE learning_groups SET last = ? WHERE name = ?', last, group);
      return rows.map(toQueued);
    });
  }

  async acknowledge(group: LearningGroup, ids: readonly string[]): Promise<number> {
    return this.#database.write(() =>
      ids.reduce(
        (done, id) =>
          done +
          this.#database.run(
            'DELETE FROM learning_pending WHERE group_name = ? AND entry = ?',
            group,
            rowOf(id),
          ).changes,
        0,
      ),
    );
  }

  async claim(
    group: LearningGroup,
    consumer: string,
    idleMs: number,
    count: number,
  ): Promise<readonly QueuedEntry[]> {
    checkName('A consumer', consumer);
    checkAmount('The idle time', idleMs, { whole: true });
    checkLimit(count);
    return this.#database.write(() => {
      this.#dropOld();
      const rows = this.#database.all(
        `SELECT e.* FROM learning_pending AS p JOIN learning_entries AS e ON e.id = p.entry
         WHERE p.group_name = ? AND p.given_at <= ? ORDER BY e.id LIMIT ?`,
        group,
        this.#now() - idleMs,
        count,
      );
      for (const row of rows) {
        this.#database.run(
          'UPDATE learning_pending SET consumer = ?, given_at = ? WHERE group_name = ? AND entry = ?',
          consumer,
          this.#now(),
          group,
          row['id']!,
        );
      }
      return rows.map(toQueued);
    });
  }

  async size(): Promise<LearningQueueSize> {
    return this.#database.read(() => {
      const count = (sql: string, ...params: (string | number)[]) =>
        this.#database.get(`SELECT count(*) AS n FROM ${sql}`, ...params)!['n'] as number;
      const pendingOf = (group: LearningGroup) =>
        count(
          'learning_pending AS p JOIN learning_entries AS e ON e.id = p.entry WHERE p.group_name = ? AND e.at >= ?',
          group,
          this.#oldest(),
        );
      const pending = Object.fromEntries(LEARNING_GROUPS.map(group => [group, pendingOf(group)]));
      return {
        entries: count('learning_entries WHERE at >= ?', this.#oldest()),
        pending: pending as Record<LearningGroup, number>,
      };
    });
  }

  #append(entry: LearningEntry): string {
    const { lastInsertRowid } = this.#database.run(
      `INSERT INTO learning_entries (at, session_id, tool_used, success, duration_ms, node, user_query, tool_args, result)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      this.#now(),
      entry.sessionId,
      entry.toolUsed,
      entry.success,
      entry.durationMs,
      entry.node,
      entry.userQuery,
      entry.toolArgs,
      entry.result,
    );
    return String(lastInsertRowid);
  }

  #dropOld(): void {
    this.#database.run('DELETE FROM learning_entries WHERE at < ?', this.#oldest());
  }

  #oldest(): number {
    return this.#now() - LEARNING_MAX_AGE_MS;
  }
}

function toQueued(row: Row): QueuedEntry {
  return {
    id: String(row['id']),
    at: row['at'] as number,
    sessionId: row['session_id'] as string,
    userQuery: row['user_query'] as string,
    toolUsed: row['tool_used'] as string,
    toolArgs: row['tool_args'] as string,
    result: row['result'] as string,
    success: row['success'] === 1,
    durationMs: row['duration_ms'] as number,
    node: row['node'] as string,
  };
}
