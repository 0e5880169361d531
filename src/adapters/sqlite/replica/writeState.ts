import type { Visibility } from '../../../engine/model/memory.ts';
import { COMPANY, companyOf } from '../conditions.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { parseList } from '../memoryRow.ts';
import { sealHistory, sealVectors } from '../sealHistory.ts';
import { addTags, awaitEmbedding, removeTags } from '../sideTables.ts';
import type { Vault } from '../vault.ts';
import { STATE, type State } from './travelling.ts';

/** Each half is found by an index of its own; `OR` would read the whole namespace. */
const IN_THE_WAY = ['content_hash = ?4', 'external_id = ?5']
  .map(
    same =>
      `SELECT num FROM memories WHERE namespace = ?2 AND ${same} AND ${COMPANY} = ?3 AND deleted_at IS NULL AND id <> ?1`,
  )
  .join(' UNION ');

interface Parts {
  readonly database: Database;
  readonly vault: Vault;
}

/** Whether what the memory says can be read here, as it was and as it will be: it is open, or its key is at hand. */
export function canRead({ database, vault }: Parts, state: State): boolean {
  const { content, id } = state;
  if (state['sensitive'] === '1') return vault.opens(content!, id!);
  const before = database.get('SELECT sensitive, content FROM memories WHERE id = ?', id!);
  return before?.['sensitive'] !== 1 || vault.opens(before['content'] as string, id!);
}

/**
 * Writes a memory as another machine left it, whatever is here; inside a write transaction. What cannot be read here is kept as it is, for
 * the day when its key is at hand.
 * @param versions rows of `memory_versions`, but for the number of the memory
 * @param seq a new sequence, so that indexes learn of it
 * @returns its row
 */
export function writeState(parts: Parts, state: State, versions: readonly Row[], seq: () => number): Row {
  const { database, vault } = parts;
  const id = state['id']!;
  const before = database.get('SELECT * FROM memories WHERE id = ?', id);
  const readable = canRead(parts, state);
  makeRoom(database, state, seq);
  const columns = [...STATE, 'seq'];
  const values = [...STATE.map(column => state[column] ?? null), seq()];
  if (before) {
    const set = columns.map(column => `${column} = ?`).join(', ');
    database.run(`UPDATE memories SET ${set} WHERE num = ?`, ...values, before['num']!);
  } else {
    const marks = columns.map(() => '?').join(', ');
    database.run(`INSERT INTO memories (${columns.join(', ')}) VALUES (${marks})`, ...values);
  }
  const after = database.get('SELECT * FROM memories WHERE id = ?', id)!;
  const num = after['num']!;
  removeTags(database, num);
  addTags(database, num, parseList<string>(state['tags']));
  for (const { memory, replaced_at, replaced_by, version } of versions) {
    database.run(
      `INSERT OR REPLACE INTO memory_versions (num, version, replaced_by, replaced_at, memory)
       VALUES (?, ?, ?, ?, ?)`,
      ...[num, version!, replaced_by!, replaced_at!, memory!],
    );
  }
  if (before?.['content_hash'] !== after['content_hash']) awaitEmbedding(database, num);
  if (after['sensitive'] === 1 && !readable) vault.noteKeyOf(state['content']!);
  if (before?.['sensitive'] === 0 && after['sensitive'] === 1) conceal(parts, after, readable);
  return after;
}

/** It has become sensitive: what is here of before is encrypted too, or goes where that cannot be done. */
function conceal({ database, vault }: Parts, { id, num }: Row, readable: boolean): void {
  if (readable) {
    sealHistory(database, vault, num as number, id as string);
    sealVectors(database, vault, num as number, true);
  } else {
    database.run('DELETE FROM embeddings WHERE num = ?', num!);
    database.run(
      "UPDATE operations SET patch = '{}' WHERE memory_id = ? AND patch ->> 'sealed' IS NULL",
      id!,
    );
  }
  database.overwriteLog('now');
}

/** Whoever has its content or its id in another system, in its company, has changed too, and comes in its turn. */
function makeRoom(database: Database, state: State, seq: () => number): void {
  if (state['deleted_at'] !== undefined) return;
  const inTheWay = database.all(
    IN_THE_WAY,
    state['id']!,
    state['namespace']!,
    companyOf({ owner: state['owner']!, visibility: state['visibility'] as Visibility }),
    state['content_hash']!,
    state['external_id'] ?? null,
  );
  for (const { num } of inTheWay)
    database.run(
      "UPDATE memories SET content_hash = 'stale ' || num, external_id = NULL, seq = ? WHERE num = ?",
      seq(),
      num!,
    );
}
