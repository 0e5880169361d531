import { statSync } from 'node:fs';
import { MemoryError } from '../../engine/errors.ts';

/**
 * Throws `invalid_input` when the path leads to one of the store's own files: replacing one loses the memories, and reading one
 * drops SQLite's locks as soon as it is closed.
 * @param store the database file
 */
export function refuseStoreFile(path: string, store: string): void {
  const asked = statSync(path, { throwIfNoEntry: false });
  if (!asked) return;
  for (const own of [store, `${store}-wal`, `${store}-shm`]) {
    const kept = statSync(own, { throwIfNoEntry: false });
    if (kept?.dev !== asked.dev || kept.ino !== asked.ino) continue;
    throw new MemoryError(
      'invalid_input',
      `${path} is where the memories are kept; it was left untouched.`,
      'Name another file. An export is a file of JSON lines, made with export_memories.',
    );
  }
}
