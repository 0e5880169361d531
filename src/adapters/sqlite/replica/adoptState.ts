import type { Memory } from '../../../engine/model/memory.ts';
import type { CentralState } from '../../../engine/ports/replica.ts';
import type { Row } from '../driver.ts';
import { parseList, toMemory } from '../memoryRow.ts';
import { addTags, awaitEmbedding, removeTags } from '../sideTables.ts';
import type { MergeParts } from './mergeParts.ts';
import { STATE } from './travelling.ts';

/**
 * Writes a memory as it is in the central log, whatever is here; inside a write transaction.
 * @param seq a new sequence, so that indexes learn of it
 * @returns what happened to it meanwhile, as one operation that can be merged with
 */
export function adoptState(parts: MergeParts, { state, versions }: CentralState, seq: () => number): Row {
  const { database, vault } = parts;
  const id = state['id']!;
  const before = database.get('SELECT * FROM memories WHERE id = ?', id);
  makeRoom(parts, state, seq);
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
  for (const text of versions) {
    const { memory, replaced_at, replaced_by, version } = JSON.parse(text) as Row;
    database.run(
      `INSERT OR REPLACE INTO memory_versions (num, version, replaced_by, replaced_at, memory)
       VALUES (?, ?, ?, ?, ?)`,
      ...[num, version!, replaced_by!, replaced_at!, memory!],
    );
  }
  if (before?.['content_hash'] !== after['content_hash']) awaitEmbedding(database, num);
  const now = toMemory(after, vault);
  const patch = before ? difference(toMemory(before, vault), now) : now;
  return {
    ...{ id: `adopted ${id}`, kind: kindOf(before, after), memory_id: id, namespace: now.namespace },
    ...{ principal: now.owner, instance: 'central', clock: state['clock']!, at: now.updatedAt },
    ...{ version: now.version, undoes: null, visibility: now.visibility },
    ...{ shared_with: JSON.stringify(now.sharedWith), patch: vault.toJson(patch, now) },
  };
}

/** Whoever has its content or its id in another system has changed too, and is adopted in its turn. */
function makeRoom({ database }: MergeParts, state: CentralState['state'], seq: () => number): void {
  if (state['deleted_at'] !== undefined) return;
  database.run(
    `UPDATE memories SET content_hash = 'stale ' || num, external_id = NULL, seq = ?
     WHERE namespace = ? AND id <> ? AND deleted_at IS NULL AND (content_hash = ? OR external_id = ?)`,
    seq(),
    state['namespace']!,
    state['id']!,
    state['content_hash']!,
    state['external_id'] ?? null,
  );
}

function kindOf(before: Row | undefined, after: Row): string {
  if (!before) return 'create';
  return after['deleted_at'] === null ? 'update' : 'delete';
}

function difference(before: Memory, after: Memory): Partial<Memory> {
  const names = (Object.keys(after) as (keyof Memory)[]).filter(
    name => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  return Object.fromEntries(names.map(name => [name, after[name]]));
}
