import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MemoryError } from '../../engine/errors.ts';
import type { WriteLineFile } from '../../engine/ports/lineFile.ts';

const CHUNK_CHARS = 1 << 20;

/** Written beside its place and moved there at the end; only its owner can read it, since memories may be private. */
export const writeLineFile: WriteLineFile = async (path, lines, { overwrite }) => {
  const target = resolve(path);
  const draft = join(dirname(target), `.${randomUUID()}.part`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      let chunk = '';
      for await (const line of lines) {
        chunk += `${line}\n`;
        if (chunk.length < CHUNK_CHARS) continue;
        await file.write(chunk);
        chunk = '';
      }
      await file.write(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    if (overwrite) await rename(draft, target);
    // A link is never made over a file that is there.
    else await link(draft, target);
  } catch (error) {
    throw wrap(error, target);
  } finally {
    await rm(draft, { force: true });
  }
};

function wrap(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (MemoryError.is(error) || code === undefined || (error as Error).name === 'AbortError') return error;
  if (code === 'EEXIST')
    return new MemoryError(
      'conflict',
      `${path} exists.`,
      'Name another file, or replace it with --overwrite.',
      {
        cause: error,
      },
    );
  return new MemoryError(
    'unavailable',
    `${path} cannot be written: ${(error as Error).message}.`,
    'Check the folder and its permissions.',
    { cause: error },
  );
}
