/** What SQLite can hold. */
export type SqlValue = null | number | string | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

export interface RunResult {
  readonly changes: number;
  readonly lastInsertRowid: number;
}

export interface Statement {
  run(params: readonly SqlValue[]): RunResult;
  get(params: readonly SqlValue[]): Row | undefined;
  all(params: readonly SqlValue[]): readonly Row[];
}

/** One connection, synchronous as both drivers are. Parameters have been through `bind`. */
export interface Driver {
  /** `node:sqlite` or `libsql`. */
  readonly name: string;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export type DriverName = 'node:sqlite' | 'libsql';
