import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryError } from '../../engine/errors.ts';
import type { BackupFile, BackupFolder } from '../../engine/ports/backupFolder.ts';

/** What is being written, and SQLite's journal beside it while it copies. */
const UNFINISHED = /\.part(-journal)?$/;
/** Nobody writes at a copy for so long: whoever began it has died. */
const ABANDONED_MS = 86_400_000;

/** @param folder made when it is needed, for this user only */
export function createBackupFiles(folder: string): BackupFolder {
  const find = async (name: string): Promise<BackupFile | undefined> => {
    const path = join(folder, name);
    const stats = await stat(path).catch(ifMissing(undefined));
    return stats && { path, bytes: stats.size };
  };
  return {
    find,
    async list() {
      const names = await readdir(folder).catch(ifMissing([] as string[]));
      return names.filter(name => !UNFINISHED.test(name)).sort();
    },
    async add(name, write) {
      const path = join(folder, name);
      // Of its own: another process may be at the same copy, or have died at it.
      const part = `${path}.${randomUUID()}.part`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await removeAbandoned(folder);
        await write(part);
        await flush(part, 'r+');
        await rename(part, path);
        // Windows flushes no folder.
        if (process.platform !== 'win32') await flush(folder, 'r');
      } catch (error) {
        for (const left of [part, `${part}-journal`]) await rm(left, { force: true }).catch(() => {});
        throw MemoryError.is(error) ? error : unwritable(path, error as Error);
      }
      return (await find(name))!;
    },
    remove: name => rm(join(folder, name), { force: true }),
  };
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!UNFINISHED.test(name)) continue;
    const stats = await stat(join(folder, name)).catch(ifMissing(undefined));
    if (stats && stats.mtimeMs < Date.now() - ABANDONED_MS) await rm(join(folder, name), { force: true });
  }
}

async function flush(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function ifMissing<T>(otherwise: T): (error: NodeJS.ErrnoException) => T {
  return error => {
    if (error.code === 'ENOENT') return otherwise;
    throw error;
  };
}

function unwritable(path: string, cause: Error): MemoryError {
  return new MemoryError(
    'unavailable',
    `The backup ${path} cannot be written: ${cause.message}`,
    'Set BACKUP_FOLDER to a folder with room that this user may write to.',
    { cause },
  );
}
