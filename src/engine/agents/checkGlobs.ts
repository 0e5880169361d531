import { MemoryError } from '../errors.ts';
import { checkLabel } from '../memories/checkLabel.ts';
import { expandBraces } from './expandBraces.ts';
import { roomOfClaim } from './parseGlob.ts';

const MAX_GLOBS = 50;
const MAX_GLOB_CHARS = 1000;
/** `/src`, `C:\\src`, `\\\\server`, not `\\[id\\]`, which is escaped. */
const ABSOLUTE = /^(\/|[a-z]:[\\/]|\\(?![*?[\]{}()!+@]))/i;

/** Refuses what names no files of the repository, or could not be shown in one line. Throws `invalid_input`, `too_large`. */
export function checkGlobs(globs: readonly string[]): void {
  if (globs.length === 0 || globs.length > MAX_GLOBS || globs.includes(''))
    throw refused(
      `${globs.length} patterns of files are given, or one is empty.`,
      `Give 1 to ${MAX_GLOBS}, relative to the repository, such as src/engine/**.`,
    );
  for (const glob of globs) checkLabel('A pattern', glob, MAX_GLOB_CHARS);
  const room = roomOfClaim();
  for (const glob of globs) {
    const paths = expandBraces(glob, room) ?? [glob];
    if (paths.some(path => ABSOLUTE.test(path)))
      throw refused(
        `The pattern "${shown(glob)}" is an absolute path.`,
        'Give it relative to the repository, such as src/engine/**.',
      );
    if (paths.some(leadsOut))
      throw refused(
        `The pattern "${shown(glob)}" leads out of the repository.`,
        'Give it relative to the repository, without more .. than folders before them.',
      );
  }
}

function leadsOut(path: string): boolean {
  let depth = 0;
  for (const name of path.split(/[\\/]/)) {
    if (name === '..') depth--;
    else if (name !== '' && name !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

function shown(glob: string): string {
  return glob.length <= 60 ? glob : `${glob.slice(0, 59)}…`;
}

function refused(message: string, fix: string): MemoryError {
  return new MemoryError('invalid_input', message, fix);
}
