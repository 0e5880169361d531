import { MemoryError } from '../../engine/errors.ts';
import type { Memory, MemoryPatch } from '../../engine/model/memory.ts';
import type { Operation } from '../../engine/model/operation.ts';
import type { Viewer } from '../../engine/ports/memoryStore.ts';
import { visibleTo } from './conditions.ts';
import type { Database } from './database.ts';
import { MEMORY_COLUMNS, memoryValues, toMemory } from './memoryRow.ts';
import type { Actor, OperationWriter } from './operationRow.ts';
import { SQLITE, sqliteCode } from './sqliteError.ts';

const INSERT = `INSERT INTO memories (${MEMORY_COLUMNS.join(', ')}, seq)
  VALUES (${MEMORY_COLUMNS.map(() => '?').join(', ')}, ?)`;
const REPLACE = `UPDATE memories SET ${MEMORY_COLUMNS.map(column => `${column} = ?`).join(', ')}, seq = ? WHERE num = ?`;

/** A memory with its number in the store. */
export interface Kept {
  readonly num: number;
  readonly memory: Memory;
  readonly deleted: boolean;
}

/** The changes of one memory, each with its log entry; called inside a write transaction only. */
export class MemoryWriter {
  readonly #database: Database;
  readonly #log: OperationWriter;
  readonly #sha256: (text: string) => string;

  constructor(database: Database, log: OperationWriter, sha256: (text: string) => string) {
    this.#database = database;
    this.#log = log;
    this.#sha256 = sha256;
  }

  /** Also finds deleted memories. undefined when it does not exist or the viewer may not see it. */
  find(id: string, viewer: Viewer): Kept | undefined {
    const visible = visibleTo(viewer);
    const row = this.#database.get(
      `SELECT * FROM memories WHERE id = ? AND ${visible.sql}`,
      id,
      ...visible.params,
    );
    return row && { num: row['num'] as number, memory: toMemory(row), deleted: row['deleted_at'] !== null };
  }

  create(memory: Memory, actor: Actor): Operation {
    const { id, namespace, version, ...fields } = memory;
    const operation = this.#log.append(
      { kind: 'create', memoryId: id, namespace, version, patch: fields },
      actor,
    );
    const { lastInsertRowid: num } = this.#unique(memory, () =>
      this.#database.run(INSERT, ...memoryValues(memory), operation.seq),
    );
    this.#tag(num, memory.tags);
    this.#await(num);
    return operation;
  }

  patch(
    kept: Kept,
    patch: MemoryPatch,
    actor: Actor,
    undoes?: string,
  ): { memory: Memory; operation: Operation } {
    const before = kept.memory;
    const version = before.version + 1;
    const operation = this.#log.append(
      {
        kind: 'update',
        memoryId: before.id,
        namespace: before.namespace,
        version,
        patch,
        ...(undoes && { undoes }),
      },
      actor,
    );
    const contentHash = patch.content === undefined ? before.contentHash : this.#sha256(patch.content);
    const memory: Memory = { ...before, ...patch, contentHash, version, updatedAt: operation.at };
    this.#keepVersion(kept, operation);
    this.#unique(memory, () => this.#database.run(REPLACE, ...memoryValues(memory), operation.seq, kept.num));
    if (patch.tags) {
      this.#database.run('DELETE FROM memory_tags WHERE num = ?', kept.num);
      this.#tag(kept.num, patch.tags);
    }
    if (contentHash !== before.contentHash) this.#await(kept.num);
    return { memory, operation };
  }

  /** Marks it deleted, or (`restore`) live again. */
  mark(kind: 'delete' | 'restore', kept: Kept, actor: Actor, undoes?: string): Operation {
    const { id: memoryId, namespace } = kept.memory;
    const version = kept.memory.version + 1;
    const operation = this.#log.append(
      { kind, memoryId, namespace, version, patch: {}, ...(undoes && { undoes }) },
      actor,
    );
    this.#unique(kept.memory, () =>
      this.#database.run(
        'UPDATE memories SET deleted_at = ?, version = ?, seq = ? WHERE num = ?',
        kind === 'delete' ? operation.at : null,
        version,
        operation.seq,
        kept.num,
      ),
    );
    if (kind === 'restore') this.#awaitUnlessEmbedded(kept.num);
    return operation;
  }

  #keepVersion(kept: Kept, operation: Operation): void {
    this.#database.run(
      'INSERT INTO memory_versions (num, version, memory, replaced_by, replaced_at) VALUES (?, ?, ?, ?, ?)',
      kept.num,
      kept.memory.version,
      JSON.stringify(kept.memory),
      operation.id,
      operation.at,
    );
  }

  #tag(num: number, tags: readonly string[]): void {
    for (const tag of tags) this.#database.run('INSERT INTO memory_tags (tag, num) VALUES (?, ?)', tag, num);
  }

  /** Its embedding is to be computed for every model in use. */
  #await(num: number): void {
    this.#database.run('INSERT OR IGNORE INTO pending_embeddings SELECT model, ? FROM embedding_models', num);
  }

  #awaitUnlessEmbedded(num: number): void {
    this.#database.run(
      `INSERT OR IGNORE INTO pending_embeddings SELECT model, ? FROM embedding_models AS m
       WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE model = m.model AND num = ?)`,
      num,
      num,
    );
  }

  #unique<T>(memory: Memory, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (sqliteCode(error) !== SQLITE.CONSTRAINT) throw error;
      throw new MemoryError(
        'conflict',
        `Another memory has the id, the external id or the content of "${memory.id}"; nothing was changed.`,
        'Find it with semantic_search and update that one, or choose another id.',
        { cause: error },
      );
    }
  }
}
