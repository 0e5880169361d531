import type { DatabaseSync } from 'node:sqlite';
import type { Driver, Row } from './driver.ts';

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
        run(params) {
          const { changes, lastInsertRowid } = statement.run(...params);
          return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
        },
        get: params => statement.get(...params) as Row | undefined,
        all: params => statement.all(...params) as Row[],
      };
    },
    close: () => database.close(),
  };
}
