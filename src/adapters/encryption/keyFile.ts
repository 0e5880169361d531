import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { MemoryError } from '../../engine/errors.ts';

const KEY_BYTES = 32;

/** The key in a file; undefined when there is none. Throws `unavailable` when it cannot be read. */
export function readKeyFile(path: string): Buffer | undefined {
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, error);
  }
}

/**
 * Makes the key where there is none, readable by this user only (0600). Two processes that do so at once agree on one.
 * Throws `unavailable` when it can be neither made nor read.
 */
export function makeKeyFile(path: string): Buffer {
  const own = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(own, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flush: true });
    // A link appears whole or not at all, and never replaces another's.
    linkSync(own, path);
    flushFolder(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, error);
  } finally {
    rmSync(own, { force: true });
  }
  const made = readKeyFile(path);
  if (made) return made;
  throw new MemoryError(
    'unavailable',
    `The encryption key, ${path}, is a link to a file that is not there.`,
    'Bring back what it leads to, or remove the link: then a new key is made.',
  );
}

/** What is encrypted shall not outlast its key: a new name is on disk when its folder is. Windows opens none, and does so by itself. */
function flushFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function read(path: string): Buffer {
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new MemoryError(
    'unavailable',
    `${path} holds no key of ${KEY_BYTES} bytes.`,
    'Put the file back as it was: without it, sensitive memories cannot be read.',
  );
}

function unusable(path: string, error: unknown): unknown {
  if (MemoryError.is(error)) return error;
  return new MemoryError(
    'unavailable',
    `The encryption key, ${path}, can be neither read nor made: ${(error as Error).message}.`,
    'Give this user read and write access to the folder, or set MEMORY_ENCRYPTION_KEY.',
    { cause: error },
  );
}
