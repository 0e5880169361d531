import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryError } from '../../engine/errors.ts';

const FORM = /^[\w-]{43}$/;

/** Where the token of the local HTTP server is. */
export function tokenPath(folder: string): string {
  return join(folder, 'http-token');
}

/**
 * The token that clients of this user send to the local server: made once, in a file that only this user can read (0600).
 * Two processes that start at once agree on one. Throws `unavailable` when it can be neither read nor made.
 */
export function localToken(folder: string): string {
  const path = tokenPath(folder);
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unusable(path, error);
  }
  const own = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(own, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'w' });
    // A link appears whole or not at all, and never replaces another's.
    linkSync(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, error);
  } finally {
    rmSync(own, { force: true });
  }
  return read(path);
}

function unusable(path: string, error: unknown): unknown {
  if (MemoryError.is(error)) return error;
  return new MemoryError(
    'unavailable',
    `The token of the HTTP server, ${path}, can be neither read nor made: ${(error as Error).message}.`,
    'Give this user read and write access to the folder, or choose another with MEMORY_CENTRAL_HOME.',
    { cause: error },
  );
}

function read(path: string): string {
  const token = readFileSync(path, 'utf8').trim();
  if (FORM.test(token)) return token;
  throw new MemoryError(
    'unavailable',
    `${path} holds no valid token.`,
    'Delete the file; a new one is made at the next start.',
  );
}
