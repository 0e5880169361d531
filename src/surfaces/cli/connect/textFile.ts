import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MemoryError } from '../../../engine/errors.ts';

/** The text of a file; undefined when there is none. Throws `invalid_input` for what is no UTF-8. */
export async function readTextFile(path: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, error);
  }
  try {
    // Kept: a byte order mark is part of the file.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new MemoryError(
      'invalid_input',
      `${path} is no UTF-8 text. It was left untouched.`,
      'Save it as UTF-8, then repeat the command.',
      { cause: error },
    );
  }
}

/**
 * Puts a text in place of a file at once (undefined: takes the file away), through links, with its permissions.
 * @param secret nobody but the owner may read it
 * @param mode of a new file
 */
export async function writeTextFile(
  path: string,
  text: string | undefined,
  { secret = false, mode = 0o644 }: { readonly secret?: boolean; readonly mode?: number } = {},
): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    if (text === undefined) return await rm(target, { force: true });
    await mkdir(dirname(target), { recursive: true });
    const kept = await stat(target).then(
      found => found.mode & 0o777,
      () => mode,
    );
    const draft = join(dirname(target), `.${randomUUID()}.tmp`);
    try {
      const wanted = secret ? kept & 0o700 : kept;
      await writeFile(draft, text, { mode: wanted, flag: 'wx' });
      await chmod(draft, wanted);
      await rename(draft, target);
    } finally {
      await rm(draft, { force: true });
    }
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): MemoryError {
  return new MemoryError(
    'unavailable',
    `${path} cannot be used: ${(error as Error).message}.`,
    'Check the file and its permissions.',
    { cause: error },
  );
}
