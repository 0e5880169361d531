import { MemoryError } from '../../engine/errors.ts';
import type { Driver, Row, SqlValue } from './driver.ts';

interface LibsqlStatement {
  run(params: unknown[]): { changes: number; lastInsertRowid: number | bigint };
  all(params: unknown[]): Row[];
}

interface LibsqlDatabase {
  exec(sql: string): void;
  prepare(sql: string): LibsqlStatement;
  close(): void;
}

/** libsql's N-API build, for Node without `node:sqlite`. Loaded only here, since it costs 10 ms and 12 MB. */
export async function createLibsqlDriver(path: string): Promise<Driver> {
  const { default: Database } = await load();
  const database = open(() => new Database(path));
  return {
    name: 'libsql',
    exec: sql => {
      database.exec(sql);
    },
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        run(params) {
          const { changes, lastInsertRowid } = statement.run(params.map(asLibsql));
          return { changes, lastInsertRowid: Number(lastInsertRowid) };
        },
        // Not its own get(): after all() that answers with the parameters of before.
        get: params => statement.all(params.map(asLibsql))[0],
        all: params => statement.all(params.map(asLibsql)),
      };
    },
    close() {
      // libsql lets go of the file only when its statements are collected: the file shall be whole without its log before that.
      try {
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // The log stays then, and the next who opens the file reads it.
      }
      database.close();
    },
  };
}

async function load(): Promise<{ default: new (path: string) => LibsqlDatabase }> {
  try {
    return (await import('libsql')) as never;
  } catch (error) {
    throw new MemoryError(
      'unavailable',
      `The package libsql has no part for this platform (${process.platform}-${process.arch}), or is missing.`,
      'Run on Node 22.13 or newer, which has SQLite built in, or install again without --omit=optional.',
      { cause: error },
    );
  }
}

/** Bytes must be a Buffer, always inside an array: a lone one aborts the process. */
function asLibsql(value: SqlValue): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** A file that cannot be opened is reported in words that end with SQLite's code, the only place where it is told. */
function open(create: () => LibsqlDatabase): LibsqlDatabase {
  try {
    return create();
  } catch (error) {
    const rawCode = /: (\d+)"?\)?$/.exec((error as Error).message)?.[1];
    throw Object.assign(error as Error, rawCode && { rawCode: Number(rawCode) });
  }
}
