import { MemoryError } from '../../../engine/errors.ts';
import type { Logger } from '../../../engine/ports/logger.ts';
import type { CentralState, Change } from '../../../engine/ports/replica.ts';
import type { Row } from '../driver.ts';
import { parseList } from '../memoryRow.ts';
import { addTags, awaitEmbedding, removeTags } from '../sideTables.ts';
import { adoptState } from './adoptState.ts';
import { mergeChange } from './mergeChange.ts';
import type { Late, MergeParts } from './mergeParts.ts';
import { redirected, standInFor } from './standIn.ts';
import { changeOf, type Travelling } from './travelling.ts';

/**
 * Changes that wait for the central log: done here, durably, and not there yet. Of each memory they touch, the row before the first of
 * them is kept, so that what others did meanwhile can come first. Everything happens inside write transactions.
 */
export class Outbox {
  readonly #parts: MergeParts;
  readonly #logger: Logger;

  constructor(parts: MergeParts, logger: Logger) {
    this.#parts = parts;
    this.#logger = logger;
  }

  get count(): number {
    return this.#parts.database.get('SELECT count(*) AS n FROM outbox')!['n'] as number;
  }

  /** Throws `conflict` when the memory has changed since the change was rehearsed. */
  hold(changes: readonly Change[]): void {
    const { replayer } = this.#parts;
    for (const { entry, id, memoryId } of changes) {
      if (replayer.knows(id)) continue;
      const tagsBefore = this.#keepBase(memoryId);
      replayer.replay(JSON.parse(entry) as Travelling);
      this.#add(id, memoryId, tagsBefore, entry);
    }
  }

  /** The oldest, as they are to be appended. */
  waiting(limit: number): readonly Change[] {
    const { database } = this.#parts;
    const rows = database.all(
      `SELECT o.*, outbox.entry FROM outbox JOIN operations AS o ON o.id = outbox.operation_id
       ORDER BY outbox.num LIMIT ?`,
      limit,
    );
    return rows.map(({ entry, ...row }) =>
      changeOf(database, row, JSON.parse(entry as string) as Travelling),
    );
  }

  /** They are in the central log. */
  settle(operationIds: readonly string[]): void {
    const { database } = this.#parts;
    for (const id of operationIds) database.run('DELETE FROM outbox WHERE operation_id = ?', id);
    database.run('DELETE FROM outbox_base WHERE memory_id NOT IN (SELECT memory_id FROM outbox)');
  }

  /**
   * Does what others did. What waits in the same namespaces comes after it: on the same memory it is merged, and what was created
   * here and there is one memory. So a change waits as what it will be for everybody.
   */
  follow(entries: readonly Travelling[]): void {
    const mine = this.#takeBack(entries.map(({ operation }) => operation['namespace'] as string));
    for (const entry of entries) {
      if (this.#fits(entry)) continue;
      // Something that waits elsewhere has the id: all that waits makes room.
      mine.push(...this.#takeBack(undefined));
      this.#parts.replayer.replay(entry, { included: 'pass over' });
    }
    this.#redoAll(
      mine,
      entries.map(({ operation }) => operation),
    );
  }

  /** As `follow`, where only the outcome is known. */
  adopt(states: readonly CentralState[]): void {
    const mine = this.#takeBack(undefined);
    const theirs = states.map(state => adoptState(this.#parts, state, () => this.#nextSeq()));
    this.#redoAll(mine, theirs);
  }

  #redoAll(mine: readonly Late[], theirs: readonly Row[]): void {
    const standIns = new Map<string, string>();
    for (const one of mine) {
      const late = this.#directed(one, standIns);
      this.#redo(
        late,
        theirs.filter(row => row['memory_id'] === late.operation['memory_id']),
      );
    }
  }

  /** What was created here and there at once is one memory, theirs: changes of ours go to it. */
  #directed(late: Late, standIns: Map<string, string>): Late {
    const id = late.operation['memory_id'] as string;
    if (late.operation['kind'] === 'create') {
      const found = standInFor(this.#parts, late.operation);
      if (found !== undefined) standIns.set(id, found);
    }
    const standIn = standIns.get(id);
    return standIn === undefined
      ? late
      : { ...late, operation: redirected(this.#parts, late.operation, standIn) };
  }

  #fits(entry: Travelling): boolean {
    const problem = this.#attempt(() => this.#parts.replayer.replay(entry, { included: 'pass over' }));
    if (problem === undefined) return true;
    if (problem.code === 'conflict' && this.count > 0) return false;
    throw problem;
  }

  /** Undoes what waits in these namespaces (undefined: in all). @returns it, oldest first */
  #takeBack(namespaces: readonly string[] | undefined): Late[] {
    const rows = this.#parts.database.all(
      `SELECT outbox.* FROM outbox JOIN memories AS m ON m.id = outbox.memory_id
       ${namespaces ? 'WHERE m.namespace IN (SELECT value FROM json_each(?))' : ''} ORDER BY outbox.num`,
      ...(namespaces ? [JSON.stringify(namespaces)] : []),
    );
    for (const id of new Set(rows.map(row => row['memory_id'] as string))) this.#restoreBase(id);
    return rows.map(row => ({
      ...(JSON.parse(row['entry'] as string) as Travelling),
      tagsBefore: parseList<string>(row['tags_before']),
    }));
  }

  #restoreBase(id: string): void {
    const { database } = this.#parts;
    const { base } = database.get('SELECT base FROM outbox_base WHERE memory_id = ?', id)!;
    const num = database.get('SELECT num FROM memories WHERE id = ?', id)!['num']!;
    const mine = '(SELECT operation_id FROM outbox WHERE memory_id = ?)';
    database.run(`DELETE FROM memory_versions WHERE num = ? AND replaced_by IN ${mine}`, num, id);
    database.run(`DELETE FROM operations WHERE id IN ${mine}`, id);
    database.run('DELETE FROM outbox WHERE memory_id = ?', id);
    database.run('DELETE FROM outbox_base WHERE memory_id = ?', id);
    removeTags(database, num);
    if (base === null) {
      // Its row stays as one that is deleted, so that indexes learn of it; the id is free.
      database.run(
        "UPDATE memories SET id = 'taken back ' || num, deleted_at = updated_at, seq = ? WHERE num = ?",
        this.#nextSeq(),
        num,
      );
      return;
    }
    const row = JSON.parse(base as string) as Row;
    const columns = Object.keys(row).filter(name => name !== 'num' && name !== 'seq');
    database.run(
      `UPDATE memories SET ${columns.map(name => `${name} = ?`).join(', ')}, seq = ? WHERE num = ?`,
      ...columns.map(name => row[name]!),
      this.#nextSeq(),
      num,
    );
    addTags(database, num, parseList<string>(row['tags']));
    awaitEmbedding(database, num);
  }

  /** A sequence that belongs to no operation. */
  #nextSeq(): number {
    const { database } = this.#parts;
    const { changes } = database.run("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'operations'");
    // Nothing was ever logged here.
    if (changes === 0) database.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('operations', 1)");
    return database.get("SELECT seq FROM sqlite_sequence WHERE name = 'operations'")!['seq'] as number;
  }

  /** What does not fit any more, such as a memory that is known by now, is let go. */
  #redo(late: Late, theirs: readonly Row[]): void {
    const { database } = this.#parts;
    const id = late.operation['memory_id'] as string;
    const before = database.get('SELECT max(seq) AS seq FROM operations')!['seq'] ?? 0;
    const tagsBefore = this.#keepBase(id);
    const problem = this.#attempt(() => mergeChange(this.#parts, late, theirs));
    if (problem !== undefined)
      this.#logger.warn('a change made offline did not fit any more', { id, reason: problem.message });
    for (const row of database.all('SELECT * FROM operations WHERE seq > ? ORDER BY seq', before)) {
      this.#add(row['id'] as string, id, tagsBefore, changeOf(database, row).entry);
    }
    this.settle([]);
  }

  /** All of it or nothing. @returns why it was refused */
  #attempt(work: () => void): MemoryError | undefined {
    const { driver } = this.#parts.database;
    driver.exec('SAVEPOINT attempt');
    try {
      work();
      driver.exec('RELEASE attempt');
      return undefined;
    } catch (error) {
      driver.exec('ROLLBACK TO attempt; RELEASE attempt');
      if (MemoryError.is(error)) return error;
      throw error;
    }
  }

  /** @returns the memory's tags as they are */
  #keepBase(id: string): readonly string[] {
    const { database } = this.#parts;
    const row = database.get('SELECT * FROM memories WHERE id = ?', id);
    database.run(
      'INSERT OR IGNORE INTO outbox_base (memory_id, base) VALUES (?, ?)',
      id,
      row ? JSON.stringify(row) : null,
    );
    return row ? parseList<string>(row['tags']) : [];
  }

  #add(operationId: string, memoryId: string, tagsBefore: readonly string[], entry: string): void {
    this.#parts.database.run(
      'INSERT INTO outbox (operation_id, memory_id, tags_before, entry) VALUES (?, ?, ?, ?)',
      operationId,
      memoryId,
      JSON.stringify(tagsBefore),
      entry,
    );
  }
}
