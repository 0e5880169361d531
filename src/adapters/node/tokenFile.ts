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
 * Two processes that start at once agree on one.
 */
export function localToken(folder: string): string {
  const path = tokenPath(folder);
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = `${path}.${process.pid}`;
  try {
    writeFileSync(own, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'w' });
    // A link appears whole or not at all, and never replaces another's.
    linkSync(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { force: true });
  }
  return read(path);
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
