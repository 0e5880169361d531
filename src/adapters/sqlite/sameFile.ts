import { statSync } from 'node:fs';
import { MemoryError } from '../../engine/errors.ts';

type Stats = ReturnType<typeof statSync> | undefined;

/**
 * What was opened stays open when its file is deleted or another takes its place: what is written then is lost with the process, and mixed
 * with what others write. The same goes for the write-ahead log, which is there as long as any process has the file open.
 *
 * @param path of a database that was just opened, and read
 * @returns throws `unavailable` once another file is there, or none
 */
export function sameFile(path: string): () => void {
  const opened = [path, `${path}-wal`].flatMap(file => {
    const stats = look(file);
    return stats ? [{ file, stats }] : [];
  });
  return () => {
    for (const { file, stats } of opened) {
      const there = look(file, stats);
      if (there?.ino === stats.ino && there.dev === stats.dev) continue;
      throw new MemoryError(
        'unavailable',
        `The memory's file ${file} was ${there ? 'replaced by another' : 'deleted or moved'} while this process had it open; nothing was changed.`,
        'Start this program again (in VS Code: Developer: Reload Window): it opens what is there then.',
      );
    }
  };
}

/** @param otherwise where it may not be looked at, which says nothing of the file */
function look(file: string, otherwise?: Stats): Stats {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return otherwise;
  }
}
