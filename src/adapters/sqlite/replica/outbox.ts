import { MemoryError } from '../../../engine/errors.ts';
import type { Logger } from '../../../engine/ports/logger.ts';
import type { CentralState, Change } from '../../../engine/ports/replica.ts';
import type { Row } from '../driver.ts';
import { parseList } from '../memoryRow.ts';
import { addTags, awaitEmbedding, removeTags } from '../sideTables.ts';
import { adoptState } from './adoptState.ts';
import { claim, concernsWaiting } from './claims.ts';
import { mergeChange } from './mergeChange.ts';
import type { Late, MergeParts } from './mergeParts.ts';
import { heirOf, noteAlias, redirected, standInFor } from './standIn.ts';
import { changeOf, type Travelling } from './travelling.ts';
import { concealWaiting, readWaiting } from './waitingText.ts';

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
      const change = JSON.parse(entry) as Travelling;
      replayer.replay(change);
      this.#add(id, memoryId, tagsBefore, entry);
      claim(this.#parts, memoryId, change.operation);
      concealWaiting(this.#parts, memoryId);
    }
  }

  /** The oldest, as they are to be appended. */
  waiting(limit: number): readonly Change[] {
    const { database, vault } = this.#parts;
    const rows = database.all(
      `SELECT o.*, outbox.entry FROM outbox JOIN operations AS o ON o.id = outbox.operation_id
       ORDER BY outbox.num LIMIT ?`,
      limit,
    );
    return rows.map(({ entry, ...row }) =>
      changeOf(database, row, readWaiting<Travelling>(vault, entry!, row['memory_id']!)),
    );
  }

  /** They are in the central log. */
  settle(operations: readonly Travelling[]): void {
    const { database } = this.#parts;
    const settled = new Map(operations.map(one => [one.operation['id'] as string, one]));
    for (const memoryId of new Set(operations.map(({ operation }) => operation['memory_id'] as string)))
      this.#advanceBase(memoryId, settled);
    for (const id of settled.keys()) database.run('DELETE FROM outbox WHERE operation_id = ?', id);
    database.run('DELETE FROM outbox_base WHERE memory_id NOT IN (SELECT memory_id FROM outbox)');
  }

  /** Where more waits of a memory than what is settled, its base is what is settled: others' changes come after that. */
  #advanceBase(memoryId: string, settled: ReadonlyMap<string, Travelling>): void {
    const { database, replayer } = this.#parts;
    const waiting = database.all(
      'SELECT operation_id FROM outbox WHERE memory_id = ? ORDER BY num',
      memoryId,
    );
    const done = waiting.flatMap(({ operation_id }) => settled.get(operation_id as string) ?? []);
    if (done.length === 0 || done.length === waiting.length) return;
    const namespace = database.get('SELECT namespace FROM memories WHERE id = ?', memoryId)!['namespace']!;
    // Done once more on the base, in a place of its own, for its outcome only.
    const aside = `rebase ${memoryId}`;
    database.driver.exec('SAVEPOINT rebase');
    let row: Row;
    try {
      this.#restoreBase(memoryId, aside);
      for (const one of done) replayer.replay({ ...one, operation: { ...one.operation, namespace: aside } });
      row = { ...database.get('SELECT * FROM memories WHERE id = ?', memoryId)!, namespace };
    } finally {
      database.driver.exec('ROLLBACK TO rebase; RELEASE rebase');
    }
    database.run('UPDATE outbox_base SET base = ? WHERE memory_id = ?', JSON.stringify(row), memoryId);
    concealWaiting(this.#parts, memoryId);
  }

  /**
   * Does what others did. Where it concerns what waits, that comes after it: on the same memory it is merged, and what was created
   * here and there is one memory. So a change waits as what it will be for everybody.
   */
  follow(entries: readonly Travelling[]): void {
    if (!concernsWaiting(this.#parts, entries)) {
      for (const entry of entries) this.#parts.replayer.replay(entry, { included: 'pass over' });
      return;
    }
    const namespaces = entries.map(({ operation }) => operation['namespace'] as string);
    // What waits elsewhere under one of these ids makes room too, with all that may have taken its place there.
    const mine = this.#takeBack(this.#waitsElsewhere(entries, namespaces) ? undefined : namespaces);
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

  /**
   * What was created here and there at once is one memory, theirs: changes of ours go to it. So do changes of one that was deleted there
   * and stored again under another id.
   */
  #directed(late: Late, standIns: Map<string, string>): Late {
    const id = late.operation['memory_id'] as string;
    if (late.operation['kind'] === 'create') {
      const found = standInFor(this.#parts, late.operation);
      if (found !== undefined) {
        standIns.set(id, found);
        if (found !== id) noteAlias(this.#parts.database, id, found);
      }
    } else if (!standIns.has(id)) {
      // One that cannot be read here has none.
      this.#attempt(() => {
        const heir = heirOf(this.#parts, id);
        if (heir !== undefined) standIns.set(id, heir);
      });
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

  #waitsElsewhere(entries: readonly Travelling[], namespaces: readonly string[]): boolean {
    const found = this.#parts.database.get(
      `SELECT 1 FROM outbox JOIN memories AS m ON m.id = outbox.memory_id
       WHERE outbox.memory_id IN (SELECT value FROM json_each(?))
         AND m.namespace NOT IN (SELECT value FROM json_each(?)) LIMIT 1`,
      JSON.stringify(entries.map(({ operation }) => operation['memory_id'])),
      JSON.stringify(namespaces),
    );
    return found !== undefined;
  }

  /** Undoes what waits in these namespaces (undefined: in all). @returns it, oldest first */
  #takeBack(namespaces: readonly string[] | undefined): Late[] {
    const rows = this.#parts.database.all(
      `SELECT outbox.* FROM outbox JOIN memories AS m ON m.id = outbox.memory_id
       ${namespaces ? 'WHERE m.namespace IN (SELECT value FROM json_each(?))' : ''} ORDER BY outbox.num`,
      ...(namespaces ? [JSON.stringify(namespaces)] : []),
    );
    const ids = new Set(rows.map(row => row['memory_id'] as string));
    // One may have what another had: nobody keeps a place while they go back.
    for (const id of ids)
      this.#parts.database.run(
        "UPDATE memories SET content_hash = 'stale ' || num, external_id = NULL WHERE id = ?",
        id,
      );
    for (const id of ids) this.#restoreBase(id);
    return rows.map(row => ({
      ...readWaiting<Travelling>(this.#parts.vault, row['entry']!, row['memory_id']!),
      tagsBefore: parseList<string>(row['tags_before']),
    }));
  }

  /** @param namespace in place of its own */
  #restoreBase(id: string, namespace?: string): void {
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
    const kept = readWaiting<Row>(this.#parts.vault, base!, id);
    const row: Row = namespace === undefined ? kept : { ...kept, namespace };
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
      claim(this.#parts, id, row);
    }
    database.run(
      'DELETE FROM outbox_base WHERE memory_id = ?1 AND NOT EXISTS (SELECT 1 FROM outbox WHERE memory_id = ?1)',
      id,
    );
    concealWaiting(this.#parts, id);
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
    claim(this.#parts, id);
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
