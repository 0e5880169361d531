import { MemoryError } from '../../../engine/errors.ts';
import type { Operation } from '../../../engine/model/operation.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { type Change, type OperationAppender, toOperation } from '../operationRow.ts';
import type { Vault } from '../vault.ts';

const COLUMNS = [
  'id',
  'kind',
  'memory_id',
  'namespace',
  'principal',
  'instance',
  'clock',
  'at',
  'version',
  'undoes',
  'visibility',
  'shared_with',
  'patch',
] as const;

/** Logs operations that were made elsewhere as what they are: with their own id, clock, time and author. */
export class ReplayedLog implements OperationAppender {
  readonly #database: Database;
  readonly #vault: Vault;
  #row: Row | undefined;

  constructor(database: Database, vault: Vault) {
    this.#database = database;
    this.#vault = vault;
  }

  /** The change that follows is this operation. */
  next(row: Row): Operation {
    this.#row = row;
    return toOperation({ ...row, seq: 0 }, this.#vault);
  }

  append({ kind, memory }: Change): Operation {
    const row = this.#row;
    this.#row = undefined;
    if (row?.['kind'] !== kind || row['version'] !== memory.version) {
      throw new MemoryError(
        'conflict',
        `The change ${row?.['id']} of "${memory.id}" does not fit what is here (version ${memory.version}).`,
        'Export, move the replica file away and import, as docs/operations.md says: it is made anew from the central memory.',
      );
    }
    const seq = this.#insert(row);
    return toOperation({ ...row, seq }, this.#vault);
  }

  /** Logs an operation without its change. @returns its sequence */
  keep(row: Row): number {
    return this.#insert(row);
  }

  #insert(row: Row): number {
    const { lastInsertRowid } = this.#database.run(
      `INSERT INTO operations (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
      ...COLUMNS.map(column => row[column]!),
    );
    return lastInsertRowid;
  }
}
