import type { Change } from '../../../engine/ports/replica.ts';
import type { Database } from '../database.ts';
import type { Row, SqlValue } from '../driver.ts';
import { MEMORY_COLUMNS } from '../memoryRow.ts';

/** How an operation travels, and the versions of an import with it. */
export interface Travelling {
  /** As it is in `operations`, without its sequence, which is each store's own. */
  readonly operation: Row;
  readonly versions?: readonly Row[];
}

/** Columns of a memory that travel as its state. */
export const STATE = [...MEMORY_COLUMNS, 'deleted_at'] as const;

/**
 * The change that an operation stands for; inside a transaction. The state is the memory's as it is now.
 * @param row of `operations`
 * @param known how it travels, if others came after it
 */
export function changeOf(database: Database, row: Row, known?: Travelling): Change {
  const memory = database.get('SELECT * FROM memories WHERE id = ?', row['memory_id']!)!;
  const versions = database.all(
    'SELECT version, replaced_by, replaced_at, memory FROM memory_versions WHERE num = ? ORDER BY version',
    memory['num']!,
  );
  const replaced = versions.filter(version => version['replaced_by'] === row['id']);
  const travelling = known ?? travel(row, versions);
  return {
    id: row['id'] as string,
    memoryId: row['memory_id'] as string,
    namespace: row['namespace'] as string,
    entry: JSON.stringify(travelling),
    state: {
      ...Object.fromEntries(STATE.flatMap(column => field(column, memory[column]!))),
      clock: row['clock'] as string,
    },
    replaced: [...replaced, ...(travelling.versions ?? [])].map(one => [
      one['version'] as number,
      JSON.stringify(one),
    ]),
  };
}

/** Of a memory that was just created, versions that it did not replace itself came with an import. */
function travel(row: Row, versions: readonly Row[]): Travelling {
  const { seq: _seq, ...operation } = row;
  const brought = versions.filter(version => version['replaced_by'] !== row['id']);
  return { operation, ...(row['kind'] === 'create' && brought.length > 0 && { versions: brought }) };
}

function field(column: string, value: SqlValue): [string, string][] {
  return value === null ? [] : [[column, String(value)]];
}
