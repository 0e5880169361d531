import { COMPACTION, type Operation } from '../../engine/model/operation.ts';
import type { Viewer } from '../../engine/ports/memoryStore.ts';
import type { OperationFilter, OperationLog } from '../../engine/ports/operationLog.ts';
import type { ChangeWatcher } from './changeWatcher.ts';
import { type Audience, MEANT, visibleTo } from './conditions.ts';
import type { Database } from './database.ts';
import { toOperation } from './operationRow.ts';
import type { Vault } from './vault.ts';

/** Those whom the memory was shown to when the operation was done. */
const THEN: Audience = {
  namespace: 'o.namespace',
  visibility: 'o.visibility',
  owner: 'm.owner',
  sharedWith: 'o.shared_with',
  sensitive: "(o.patch ->> 'sealed' IS NOT NULL)",
};
const NOW: Audience = {
  namespace: 'm.namespace',
  visibility: 'm.visibility',
  owner: 'm.owner',
  sharedWith: 'm.shared_with',
  sensitive: 'm.sensitive',
  review: { state: 'm.review', by: 'm.unreviewed_by' },
};

export class SqliteOperationLog implements OperationLog {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #watcher: ChangeWatcher;

  constructor(database: Database, vault: Vault, watcher: ChangeWatcher) {
    this.#database = database;
    this.#vault = vault;
    this.#watcher = watcher;
  }

  async head(): Promise<number> {
    return this.#database.look(
      () => (this.#database.get('SELECT max(seq) AS seq FROM operations')?.['seq'] as number | null) ?? 0,
    );
  }

  async idAt(seq: number): Promise<string | undefined> {
    return this.#database.look(
      () =>
        this.#database.get('SELECT id FROM operations WHERE seq <= ? ORDER BY seq DESC LIMIT 1', seq)?.[
          'id'
        ] as string | undefined,
    );
  }

  async seqAfter(id: string): Promise<number> {
    const row = await this.#database.look(() =>
      this.#database.get(
        `SELECT coalesce(
           (SELECT seq FROM operations WHERE id = ?1),
           (SELECT min(seq) - 1 FROM operations WHERE id > ?1),
           (SELECT max(seq) FROM operations),
           0
         ) AS seq`,
        id,
      ),
    );
    return row?.['seq'] as number;
  }

  async since(seq: number, limit: number, viewer: Viewer): Promise<readonly Operation[]> {
    return this.#query('o.seq > ? ORDER BY o.seq LIMIT ?', [seq, limit], viewer);
  }

  async recent(
    limit: number,
    viewer: Viewer,
    { after, memoryId, merges, namespaces }: OperationFilter = {},
  ): Promise<readonly Operation[]> {
    const conditions = [
      ...(memoryId === undefined ? [] : [`o.memory_id = ${MEANT}`]),
      ...(namespaces === undefined ? [] : [`m.namespace IN (${namespaces.map(() => '?').join(', ')})`]),
      ...(after === undefined ? [] : ['o.seq > ?']),
      ...(merges === undefined ? [] : [`o.instance GLOB '${COMPACTION}*'`]),
      ...(typeof merges === 'string' ? ['o.instance = ?'] : []),
      'TRUE',
    ];
    const params = [
      ...(memoryId === undefined ? [] : [memoryId, memoryId]),
      ...(namespaces ?? []),
      ...(after === undefined ? [] : [after]),
      ...(typeof merges === 'string' ? [`${COMPACTION}${merges}`] : []),
      limit,
    ];
    const table = merges === undefined ? undefined : 'operations AS o INDEXED BY operations_merges';
    return this.#query(`${conditions.join(' AND ')} ORDER BY o.seq DESC LIMIT ?`, params, viewer, table);
  }

  watch(onChange: () => void): Disposable {
    return this.#watcher.add(onChange);
  }

  async #query(
    sql: string,
    params: readonly (string | number)[],
    viewer: Viewer,
    table = 'operations AS o',
  ): Promise<readonly Operation[]> {
    const now = visibleTo(viewer, NOW);
    const then = visibleTo(viewer, THEN);
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT o.* FROM ${table} JOIN memories AS m ON m.id = o.memory_id
         WHERE ${now.sql} AND ${then.sql} AND ${sql}`,
        ...now.params,
        ...then.params,
        ...params,
      ),
    );
    return rows.map(row => toOperation(row, this.#vault));
  }
}
