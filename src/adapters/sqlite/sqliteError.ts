import { MemoryError } from '../../engine/errors.ts';

/** Primary result codes of SQLite, https://sqlite.org/rescode.html */
export const SQLITE = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
} as const;

/** The primary result code of a driver's error; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  const code = extendedCode(error);
  return code === undefined ? undefined : code & 0xff;
}

/** Somebody else is at the file: it is worth another try. */
export function isLocked(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE.BUSY || code === SQLITE.LOCKED;
}

/** node:sqlite calls it `errcode`, libsql `rawCode`. */
function extendedCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode, rawCode } = error as { errcode?: unknown; rawCode?: unknown };
  const code = errcode ?? rawCode;
  return typeof code === 'number' ? code : undefined;
}

/** SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY and _ROWID. */
const UNIQUE: readonly number[] = [2067, 1555, 2579];

export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE.includes(extendedCode(error) ?? 0);
}

const NO_DATABASE = [
  'is no SQLite database',
  'Set DATABASE_URL to another file; this one was left untouched.',
] as const;

const FIXES: Readonly<Record<number, readonly [what: string, fix: string]>> = {
  [SQLITE.PERM]: ['may not be opened', 'Give this user read and write access to the file and its folder.'],
  [SQLITE.READONLY]: [
    'is read-only',
    'Give this user write access to the file and its folder, or set DATABASE_URL to another file.',
  ],
  [SQLITE.IOERR]: [
    'could not be read or written',
    'Check the disk (is it full, or gone?); nothing that was acknowledged is lost.',
  ],
  [SQLITE.CORRUPT]: [
    'is damaged',
    'Keep a copy of it, then restore a backup, or export what can be read with `memory-central export`.',
  ],
  [SQLITE.NOTADB]: NO_DATABASE,
  [SQLITE.FULL]: [
    'has no room: the disk is full',
    'Free some space and try again; nothing that was acknowledged is lost.',
  ],
  [SQLITE.CANTOPEN]: ['cannot be opened', 'Check that the folder exists and that this user may write there.'],
};

/** A driver's error as the caller may see it; errors that are none of SQLite's come back as they are. */
export function translate(error: unknown, path: string): unknown {
  const code = sqliteCode(error);
  const known = code === undefined ? undefined : FIXES[code];
  if (!known) return error;
  return new MemoryError('unavailable', `The memory's file ${path} ${known[0]}.`, known[1], { cause: error });
}

export function noDatabase(path: string): MemoryError {
  return new MemoryError('unavailable', `The memory's file ${path} ${NO_DATABASE[0]}.`, NO_DATABASE[1]);
}

export function busy(path: string, waitedMs: number): MemoryError {
  return new MemoryError(
    'unavailable',
    `The memory's file ${path} was locked by another process for ${waitedMs} ms; nothing was changed.`,
    'Try again. If it stays locked, find the process that holds it (a backup, a database browser) and end it.',
  );
}
