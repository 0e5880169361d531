import { foreignContext, takenContext, unknownContext } from '../../../engine/contexts/contextRefusals.ts';
import { mayRead, receives } from '../../../engine/contexts/mayRead.ts';
import { readFiles, readReceivers } from '../../../engine/contexts/readContext.ts';
import { readerKeys, readersOf } from '../../../engine/contexts/readers.ts';
import { checkTexts } from '../../../engine/memories/checkTexts.ts';
import type { Viewer } from '../../../engine/model/caller.ts';
import type { NewContext, Permission, SharedContext } from '../../../engine/model/context.ts';
import { readObject, readTexts } from '../../../engine/model/readJson.ts';
import type { Span } from '../../../engine/model/span.ts';
import type { ContextFilter, ContextStore } from '../../../engine/ports/contextStore.ts';
import { ConditionList } from '../conditionList.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { insertEvent } from '../records/insertEvent.ts';

const SELECT = `SELECT *, (SELECT json_group_array(json_object('by', principal, 'at', at)) FROM
  (SELECT principal, at FROM context_acknowledgements AS a WHERE a.num = contexts.num ORDER BY at, principal)) AS acknowledged
  FROM contexts`;
const LIVE = '(expires_at IS NULL OR expires_at > ?)';
/** What the viewer finds by its keys; `mayRead` has the last word. */
const FOUND = 'num IN (SELECT num FROM context_readers WHERE reader IN (SELECT value FROM json_each(?)))';

/** Table `contexts`, and `context_readers`, which finds them. Removing a row removes everything of it. */
export class SqliteContextStore implements ContextStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async share(context: NewContext): Promise<SharedContext> {
    checkTexts('A context', context);
    return this.#database.write(() => {
      const now = this.#now();
      const { namespace, id } = context;
      if (this.#find(namespace, id, now)) throw takenContext(id);
      // One that has expired makes room.
      this.#remove(namespace, id);
      this.#insert(context, now);
      const shared = this.#find(namespace, id, now)!;
      this.#tell(shared, 'shared', now);
      return shared;
    });
  }

  async list(
    filter: ContextFilter,
    viewer: Viewer,
    { limit, offset }: Span,
  ): Promise<readonly SharedContext[]> {
    const wanted = new ConditionList()
      .add(LIVE, this.#now())
      .add(FOUND, JSON.stringify(readerKeys(viewer)))
      .oneOf('namespace', filter.namespaces)
      .oneOf('id', filter.ids)
      .is('topic', filter.topic);
    if (filter.memoryId !== undefined)
      wanted.add(
        `(session IS NOT NULL OR EXISTS (SELECT 1 FROM json_each(iif(json_valid(memory_ids), memory_ids, '[]'))
          WHERE value = ?))`,
        filter.memoryId,
      );
    if (filter.withAgent !== undefined)
      wanted.add(
        `(sender = ? OR EXISTS (SELECT 1 FROM json_each(iif(json_valid(receivers), receivers, '[]'))
          WHERE iif(type = 'object', value ->> 'kind' = 'agent' AND value ->> 'id' = ?, 0)))`,
        filter.withAgent,
        filter.withAgent,
      );
    if (filter.unacknowledgedBy !== undefined)
      wanted.add(
        'num NOT IN (SELECT num FROM context_acknowledgements WHERE principal = ?)',
        filter.unacknowledgedBy,
      );
    const rows = await this.#database.look(() =>
      this.#database.all(
        `${SELECT} WHERE ${wanted.sql} ORDER BY num DESC LIMIT ? OFFSET ?`,
        ...[...wanted.params, limit, offset],
      ),
    );
    return rows.map(toContext).filter(context => mayRead(context, viewer));
  }

  async revoke(namespace: string, id: string, viewer: Viewer): Promise<void> {
    await this.#database.write(() => {
      const now = this.#now();
      const context = this.#find(namespace, id, now);
      if (!context || !mayRead(context, viewer)) throw unknownContext(id);
      if (context.owner !== viewer.principal) throw foreignContext(id);
      this.#remove(namespace, id);
      this.#tell(context, 'revoked', now);
    });
  }

  async acknowledge(namespace: string, ids: readonly string[], viewer: Viewer): Promise<number> {
    return this.#database.write(() => {
      const now = this.#now();
      let acknowledged = 0;
      for (const id of ids) {
        const context = this.#find(namespace, id, now);
        if (!context || !receives(context, viewer)) continue;
        const { changes } = this.#database.run(
          `INSERT OR IGNORE INTO context_acknowledgements (num, principal, at)
           VALUES ((SELECT num FROM contexts WHERE namespace = ? AND id = ?), ?, ?)`,
          ...[namespace, id, viewer.principal, now],
        );
        if (changes > 0) this.#tell(context, 'acknowledged', now);
        acknowledged += changes;
      }
      return acknowledged;
    });
  }

  async purge(limit: number): Promise<number> {
    const over = 'SELECT num FROM contexts WHERE expires_at <= ? ORDER BY expires_at LIMIT ?';
    // Mostly there is none, and nothing is written.
    if (!(await this.#database.look(() => this.#database.get(over, this.#now(), 1)))) return 0;
    return this.#database.write(
      () => this.#database.run(`DELETE FROM contexts WHERE num IN (${over})`, this.#now(), limit).changes,
    );
  }

  #find(namespace: string, id: string, now: number): SharedContext | undefined {
    const row = this.#database.get(
      `${SELECT} WHERE namespace = ? AND id = ? AND ${LIVE}`,
      namespace,
      id,
      now,
    );
    return row && toContext(row);
  }

  #insert(context: NewContext, now: number): void {
    const { lastInsertRowid: num } = this.#database.run(
      `INSERT INTO contexts (namespace, id, sender, owner, topic, session, task_id, permission, bidirectional, reply_to,
         created_at, expires_at, receivers, memory_ids, files, metadata, content)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[context.namespace, context.id, context.from, context.owner, context.topic, context.session],
      ...[context.taskId, context.permission, context.bidirectional, context.replyTo, now, context.expiresAt],
      ...[context.to, context.memoryIds, context.files, context.metadata].map(part => JSON.stringify(part)),
      context.content,
    );
    for (const reader of readersOf(context))
      this.#database.run('INSERT INTO context_readers (reader, num) VALUES (?, ?)', reader, num);
  }

  #remove(namespace: string, id: string): void {
    this.#database.run('DELETE FROM contexts WHERE namespace = ? AND id = ?', namespace, id);
  }

  #tell({ namespace, id, from, owner, to }: SharedContext, change: string, now: number): void {
    insertEvent(this.#database, now, {
      type: 'context',
      namespace,
      subject: id,
      change,
      agent: change === 'acknowledged' ? '' : from,
      audience: { owner, to },
    });
  }
}

function toContext(row: Row): SharedContext {
  return {
    id: row['id'] as string,
    namespace: row['namespace'] as string,
    from: row['sender'] as string,
    owner: row['owner'] as string,
    to: readReceivers(row['receivers']) ?? [],
    topic: row['topic'] as string,
    content: row['content'] as string,
    memoryIds: readTexts(row['memory_ids']),
    files: readFiles(row['files']),
    session: row['session'] as string | null,
    taskId: row['task_id'] as string | null,
    permission: row['permission'] as Permission,
    bidirectional: row['bidirectional'] === 1,
    metadata: readObject(row['metadata']) ?? {},
    replyTo: row['reply_to'] as string | null,
    createdAt: row['created_at'] as number,
    expiresAt: row['expires_at'] as number | null,
    acknowledged: JSON.parse(row['acknowledged'] as string),
  };
}
