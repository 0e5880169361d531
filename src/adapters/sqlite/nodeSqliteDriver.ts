import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Driver, Row, SqlValue, Statement } from './driver.ts';
import { rowReader } from './rowReader.ts';

type NodeSqlite = typeof import('node:sqlite');

/** The runtime's own SQLite; undefined before Node 22.13. */
export function nodeSqlite(): NodeSqlite | undefined {
  // Its "experimental" warning at load would stand in front of every user; the API is pinned by our contract tests.
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

export function createNodeSqliteDriver({ DatabaseSync }: NodeSqlite, path: string): Driver {
  const database: DatabaseSync = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  return {
    name: 'node:sqlite',
    exec: sql => database.exec(sql),
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        ...readsOf(statement),
        run(params) {
          const { changes, lastInsertRowid } = statement.run(...params);
          return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
        },
      };
    },
    close: () => database.close(),
  };
}

function readsOf(statement: StatementSync): Pick<Statement, 'get' | 'all'> {
  // Before Node 22.16 there are no lists.
  if (!statement.setReturnArrays)
    return {
      get: params => statement.get(...params) as Row | undefined,
      all: params => statement.all(...params) as Row[],
    };
  statement.setReturnArrays(true);
  const toRow = rowReader();
  return {
    get(params) {
      const values = statement.get(...params) as unknown as readonly SqlValue[] | undefined;
      return values && toRow(statement, values);
    },
    all: params =>
      (statement.all(...params) as unknown as readonly SqlValue[][]).map(values => toRow(statement, values)),
  };
}
