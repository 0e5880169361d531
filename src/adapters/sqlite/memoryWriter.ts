import { MemoryError } from '../../engine/errors.ts';
import { contentHashOf, DISTINCT_BY } from '../../engine/memories/contentHash.ts';
import type { Memory, MemoryPatch } from '../../engine/model/memory.ts';
import type { Operation } from '../../engine/model/operation.ts';
import type { MemoryVersion, Viewer } from '../../engine/ports/memoryStore.ts';
import { COMPANY, companyOf, MEANT, visibleTo } from './conditions.ts';
import type { Database } from './database.ts';
import type { Row } from './driver.ts';
import { type Labels, MEMORY_COLUMNS, memoryValues, toLabels, toMemory } from './memoryRow.ts';
import type { Actor, OperationAppender } from './operationRow.ts';
import { sealHistory, sealVectors } from './sealHistory.ts';
import { addTags, awaitEmbedding, removeTags } from './sideTables.ts';
import { isUniqueViolation } from './sqliteError.ts';
import type { Vault } from './vault.ts';

const INSERT = `INSERT INTO memories (${MEMORY_COLUMNS.join(', ')}, seq)
  VALUES (${MEMORY_COLUMNS.map(() => '?').join(', ')}, ?)`;
const REPLACE = `UPDATE memories SET ${MEMORY_COLUMNS.map(column => `${column} = ?`).join(', ')}, seq = ?,
  deleted_at = NULL WHERE num = ?`;

/** What decides whether another memory is its twin. */
const PLACE = ['contentHash', 'sensitive', 'visibility'] as const;

/** A memory with its number in the store. */
export interface Kept<M extends Labels = Memory> {
  readonly num: number;
  readonly memory: M;
  readonly deleted: boolean;
}

export function toKept(row: Row, vault: Vault): Kept {
  return { ...toKeptLabels(row), memory: toMemory(row, vault) };
}

/** Enough to delete it, be it damaged or its key lost. */
export function toKeptLabels(row: Row): Kept<Labels> {
  return { num: row['num'] as number, memory: toLabels(row), deleted: row['deleted_at'] !== null };
}

/** The changes of one memory, each with its log entry; called inside a write transaction only. */
export class MemoryWriter {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #log: OperationAppender;
  readonly #sha256: (text: string) => string;

  readonly #twins: 'refuse' | 'take';

  /** @param twins what to do with an open memory that says what a sensitive one does, or the reverse */
  constructor(
    database: Database,
    vault: Vault,
    log: OperationAppender,
    sha256: (text: string) => string,
    twins: 'refuse' | 'take' = 'refuse',
  ) {
    this.#twins = twins;
    this.#database = database;
    this.#vault = vault;
    this.#log = log;
    this.#sha256 = sha256;
  }

  /** Also finds deleted memories. undefined when it does not exist or the viewer may not see it. */
  find(id: string, viewer: Viewer): Kept | undefined {
    const row = this.#row(id, viewer);
    return row && toKept(row, this.#vault);
  }

  /** As `find`, without what it says. */
  findLabels(id: string, viewer: Viewer): Kept<Labels> | undefined {
    const row = this.#row(id, viewer);
    return row && toKeptLabels(row);
  }

  /**
   * A deleted memory of the same owner gives its id back, so that what was exported can be imported after a deletion.
   * @param versions its old ones, of an export; where it was deleted they are there already
   * @param within where a deleted one has to lie; default: anywhere
   */
  create(
    draft: Memory,
    actor: Actor,
    versions: readonly MemoryVersion[] = [],
    within?: readonly string[],
  ): { memory: Memory; operation: Operation } {
    const tombstone = this.#tombstone(draft, within);
    const memory = tombstone ? { ...draft, version: tombstone.memory.version + 1 } : draft;
    const { id: _id, namespace: _namespace, version: _version, ...patch } = memory;
    const operation = this.#log.append({ kind: 'create', memory, patch }, actor);
    if (tombstone) this.#replace(tombstone, memory, operation);
    else {
      const { lastInsertRowid: num } = this.#unique(memory, () =>
        this.#database.run(INSERT, ...memoryValues(memory, this.#vault), operation.seq),
      );
      addTags(this.#database, num, memory.tags);
      awaitEmbedding(this.#database, num);
      for (const one of versions) this.#keep(num, memory, one);
    }
    return { memory, operation };
  }

  patch(
    kept: Kept,
    patch: MemoryPatch,
    actor: Actor,
    undoes?: string,
  ): { memory: Memory; operation: Operation } {
    const before = kept.memory;
    const after = { ...before, ...patch };
    const same = patch.content === undefined && after.metadata[DISTINCT_BY] === before.metadata[DISTINCT_BY];
    const changed: Memory = {
      ...after,
      contentHash: same ? before.contentHash : contentHashOf(after, this.#sha256),
      version: before.version + 1,
    };
    const operation = this.#log.append({ kind: 'update', memory: changed, patch, undoes }, actor);
    const memory = { ...changed, updatedAt: operation.at };
    this.#replace(kept, memory, operation);
    return { memory, operation };
  }

  delete(kept: Kept<Labels>, actor: Actor, undoes?: string): Operation {
    return this.#mark('delete', kept, {}, actor, undoes);
  }

  restore(kept: Kept, patch: MemoryPatch, actor: Actor, undoes?: string): Operation {
    const operation = this.#unique(kept.memory, () => this.#mark('restore', kept, patch, actor, undoes));
    // Indexes dropped its vectors with it and read on from where they are: so they are written again, at the end.
    this.#database.run(
      `INSERT OR REPLACE INTO embeddings (model, num, vector) SELECT model, num, vector FROM embeddings
       WHERE num = ? AND model IN (SELECT id FROM embedding_models)`,
      kept.num,
    );
    this.#database.run(
      `INSERT OR IGNORE INTO pending_embeddings SELECT id, ? FROM embedding_models AS m
       WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE model = m.id AND num = ?)`,
      kept.num,
      kept.num,
    );
    return operation;
  }

  #mark(
    kind: 'delete' | 'restore',
    kept: Kept<Labels>,
    patch: MemoryPatch,
    actor: Actor,
    undoes: string | undefined,
  ): Operation {
    const memory = { ...kept.memory, ...patch, version: kept.memory.version + 1 };
    const operation = this.#log.append({ kind, memory, patch, undoes }, actor);
    this.#database.run(
      'UPDATE memories SET deleted_at = ?, expires_at = ?, version = ?, seq = ? WHERE num = ?',
      kind === 'delete' ? operation.at : null,
      memory.expiresAt,
      memory.version,
      operation.seq,
      kept.num,
    );
    return operation;
  }

  #row(id: string, viewer: Viewer): Row | undefined {
    const visible = visibleTo(viewer);
    return this.#database.get(
      `SELECT * FROM memories WHERE id = ${MEANT} AND ${visible.sql}`,
      id,
      id,
      ...visible.params,
    );
  }

  #tombstone({ id, owner }: Memory, within: readonly string[] | undefined): Kept | undefined {
    const row = this.#database.get(
      'SELECT * FROM memories WHERE id = ? AND owner = ? AND deleted_at IS NOT NULL',
      id,
      owner,
    );
    if (row && within && !within.includes(row['namespace'] as string)) return undefined;
    return row && toKept(row, this.#vault);
  }

  /** Writes the memory in the place of the one kept there, which becomes a version. */
  #replace({ num, memory: before }: Kept, memory: Memory, operation: Operation): void {
    this.#keep(num, memory, {
      version: before.version,
      memory: before,
      replacedBy: operation.id,
      replacedAt: operation.at,
    });
    const stays = operation.kind !== 'create' && PLACE.every(field => memory[field] === before[field]);
    this.#unique(
      memory,
      () => this.#database.run(REPLACE, ...memoryValues(memory, this.#vault), operation.seq, num),
      stays,
    );
    if (memory.tags !== before.tags) {
      removeTags(this.#database, num);
      addTags(this.#database, num, memory.tags);
    }
    if (memory.contentHash !== before.contentHash || operation.kind === 'create')
      awaitEmbedding(this.#database, num);
    if (memory.sensitive !== before.sensitive)
      sealVectors(this.#database, this.#vault, num, memory.sensitive);
    if (!memory.sensitive || before.sensitive) return;
    sealHistory(this.#database, this.#vault, num, memory.id);
    this.#database.overwriteLog('now');
  }

  /** Whatever a sensitive memory has said is sensitive. */
  #keep(
    num: number,
    { id, sensitive }: Memory,
    { version, memory, replacedBy, replacedAt }: MemoryVersion,
  ): void {
    this.#database.run(
      'INSERT INTO memory_versions (num, version, replaced_by, replaced_at, memory) VALUES (?, ?, ?, ?, ?)',
      num,
      version,
      replacedBy,
      replacedAt,
      this.#vault.toJson(memory, { id, sensitive: sensitive || memory.sensitive }),
    );
  }

  /** @param stays where it was: a twin that was stored while the key was away does not lock it in */
  #unique<T>(memory: Memory, work: () => T, stays = false): T {
    if (!stays && this.#twins === 'refuse' && this.#hasTwin(memory)) throw taken(memory);
    try {
      return work();
    } catch (error) {
      throw isUniqueViolation(error) ? taken(memory, error) : error;
    }
  }

  /** An open memory with the content of a sensitive one, or the reverse: under two hashes, so that no index tells. */
  #hasTwin(memory: Memory): boolean {
    const { content, contentHash, id, namespace, sensitive } = memory;
    const hash = this.#vault.hash(content);
    if (hash === undefined) return false;
    const twin = this.#database.get(
      `SELECT 1 FROM memories WHERE namespace = ? AND content_hash = ? AND deleted_at IS NULL
       AND ${COMPANY} = ? AND id <> ?`,
      namespace,
      sensitive ? contentHash : hash,
      companyOf(memory),
      id,
    );
    return twin !== undefined;
  }
}

function taken({ id }: Memory, cause?: unknown): MemoryError {
  return new MemoryError(
    'conflict',
    `Another memory has the id, the external id or the content of "${id}"; nothing was changed.`,
    'Find it with semantic_search and update that one, or choose another id.',
    { cause },
  );
}
