import type { Change } from '../../../engine/ports/replica.ts';
import type { Database } from '../database.ts';
import type { Row, SqlValue } from '../driver.ts';
import { MEMORY_COLUMNS } from '../memoryRow.ts';

/** How an operation travels. */
export interface Travelling {
  /** As it is in `operations`, without its sequence, which is each store's own. */
  readonly operation: Row;
  /** Those that came with an import. */
  readonly versions?: readonly Row[];
  /** The memory after it, and versions, where it is or was sensitive: for who has no key to do the operation with. */
  readonly sealed?: { readonly state: State; readonly versions: readonly Row[] };
}

/** Columns of a memory, as text; an absent one is null. */
export type State = Readonly<Record<string, string>>;

const OPEN = /"sensitive":false/;
const SEALED = /"sealed":"/;

/** With the accesses that are known to all machines only. */
const MEMORY = `SELECT *, access_count - coalesce((SELECT count FROM waiting_accesses WHERE memory_id = id), 0)
  AS access_count FROM memories WHERE id = ?`;

const VERSIONS = 'SELECT version, replaced_by, replaced_at, memory FROM memory_versions WHERE num = ?';

/** Columns of a memory that travel as its state. */
export const STATE = [...MEMORY_COLUMNS, 'deleted_at'] as const;

/**
 * The change that an operation stands for; inside a transaction. The state is the memory's as it is now.
 * @param row of `operations`
 * @param known how it travels, if others came after it
 */
export function changeOf(database: Database, row: Row, known?: Travelling): Change {
  const memory = database.get(MEMORY, row['memory_id']!)!;
  const own = replacedBy(database, memory, row);
  const conceals = memory['sensitive'] === 1 && own.some(one => OPEN.test(one['memory'] as string));
  // What it said before is encrypted by now.
  const replaced = conceals ? versionsOf(database, memory) : own;
  const state = {
    ...Object.fromEntries(STATE.flatMap(column => field(column, memory[column]!))),
    clock: row['clock'] as string,
  };
  const travelling = known ?? travel(row, broughtBy(database, memory, row), replaced, state);
  return {
    id: row['id'] as string,
    memoryId: row['memory_id'] as string,
    namespace: row['namespace'] as string,
    entry: JSON.stringify(travelling),
    state,
    replaced: [...replaced, ...(travelling.versions ?? [])].map(one => [
      one['version'] as number,
      JSON.stringify(one),
    ]),
    ...(conceals && { concealed: concealedBy(database, row, { state, versions: replaced }) }),
  };
}

/** What was done to the memory before it became sensitive, as it is to be read from now on. */
function concealedBy(
  database: Database,
  row: Row,
  sealed: Travelling['sealed'] & object,
): [string, string][] {
  return database
    .all('SELECT * FROM operations WHERE memory_id = ? AND seq < ?', row['memory_id']!, row['seq']!)
    .map(({ seq: _seq, ...operation }) => [
      operation['id'] as string,
      JSON.stringify({ operation, sealed } satisfies Travelling),
    ]);
}

function versionsOf(database: Database, memory: Row): readonly Row[] {
  return database.all(`${VERSIONS} ORDER BY version`, memory['num']!);
}

/** The version that the operation replaced, if any. */
function replacedBy(database: Database, memory: Row, { id, version }: Row): readonly Row[] {
  const before = (version as number) - 1;
  // The first version replaced none.
  if (before === 0) return [];
  const found = database.all(`${VERSIONS} AND version = ?`, memory['num']!, before);
  return found.filter(one => one['replaced_by'] === id);
}

/** Of a memory that was just created, versions that it did not replace itself came with an import. */
function broughtBy(database: Database, memory: Row, { id, kind, version }: Row): readonly Row[] {
  if (kind !== 'create' || version === 1) return [];
  return versionsOf(database, memory).filter(one => one['replaced_by'] !== id);
}

function travel(row: Row, brought: readonly Row[], replaced: readonly Row[], state: State): Travelling {
  const { seq: _seq, ...operation } = row;
  const isSealed = state['sensitive'] === '1' || replaced.some(one => SEALED.test(one['memory'] as string));
  const sealed = { state, versions: [...brought, ...replaced] };
  return { operation, ...(brought.length > 0 && { versions: brought }), ...(isSealed && { sealed }) };
}

function field(column: string, value: SqlValue): [string, string][] {
  return value === null ? [] : [[column, String(value)]];
}
