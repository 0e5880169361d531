import { MemoryError } from '../../engine/errors.ts';
import type { Driver, SqlValue, Statement } from './driver.ts';
import { rowReader } from './rowReader.ts';
import { isLocked } from './sqliteError.ts';

interface LibsqlStatement {
  run(params: unknown[]): { changes: number; lastInsertRowid: number | bigint };
  get(params: unknown[]): SqlValue[] | undefined;
  all(params: unknown[]): SqlValue[][];
  /** From now on rows are lists. Throws for a statement that has none. */
  raw(on: boolean): LibsqlStatement;
  columns(): readonly { readonly name: string }[];
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
  const unfinished = new UnfinishedReads();
  return {
    name: 'libsql',
    exec: sql => {
      unfinished.finish();
      database.exec(sql);
    },
    prepare: sql => statementOf(() => database.prepare(sql), unfinished),
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

/**
 * libsql leaves a read under way that found the file locked. Until it is reset, the connection sees the file as it was then and may not
 * write (https://github.com/tursodatabase/libsql-client-ts/issues/352); a `get` that succeeds resets it.
 */
class UnfinishedReads {
  readonly #reads = new Map<LibsqlStatement, unknown[]>();

  /** As `statement[way](params)`. */
  run<Way extends 'get' | 'all'>(
    statement: LibsqlStatement,
    way: Way,
    params: unknown[],
  ): ReturnType<LibsqlStatement[Way]> {
    this.finish();
    try {
      return statement[way](params) as ReturnType<LibsqlStatement[Way]>;
    } catch (error) {
      if (isLocked(error)) this.#reads.set(statement, params);
      throw error;
    }
  }

  /** To be called before anything else is done with the connection. What is still locked stays for the next call. */
  finish(): void {
    if (this.#reads.size === 0) return;
    for (const [statement, params] of this.#reads) {
      try {
        statement.get(params);
      } catch (error) {
        if (isLocked(error)) return;
      }
      this.#reads.delete(statement);
    }
  }
}

function statementOf(prepare: () => LibsqlStatement, unfinished: UnfinishedReads): Statement {
  let writing: LibsqlStatement | undefined;
  let many: LibsqlStatement | undefined;
  let one: LibsqlStatement | undefined;
  const toRow = rowReader();
  return {
    run(params) {
      unfinished.finish();
      writing ??= prepare();
      const { changes, lastInsertRowid } = writing.run(params.map(asLibsql));
      return { changes, lastInsertRowid: Number(lastInsertRowid) };
    },
    all(params) {
      many ??= prepare().raw(true);
      const reading = many;
      return unfinished.run(reading, 'all', params.map(asLibsql)).map(values => toRow(reading, values));
    },
    get(params) {
      // One of its own, made anew after a failure: where it was not reset, libsql answers with the parameters of before.
      const reading = one ?? prepare().raw(true);
      one = undefined;
      const values = unfinished.run(reading, 'get', params.map(asLibsql));
      one = reading;
      return values && toRow(reading, values);
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
