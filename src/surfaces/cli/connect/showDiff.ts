import { createTwoFilesPatch } from 'diff';
import type { Style } from '../terminal.ts';
import type { FileChange } from './fileChange.ts';

const BEARER = /(?<=Bearer )[^\s"']+/g;

/** Tokens are left out of what is shown: terminals are recorded. */
export function showDiff({ path, before, after }: FileChange, style: Style): string {
  const patch = createTwoFilesPatch(
    before === undefined ? 'no file' : path,
    after === undefined ? 'no file' : path,
    (before ?? '').replace(BEARER, token => (after?.includes(token) ? '<token>' : '<old token>')),
    (after ?? '').replace(BEARER, '<token>'),
    '',
    '',
    { context: 3 },
  );
  const lines = patch.split('\n').filter(line => !/^(=====|Index: )/.test(line));
  return lines
    .map(line =>
      /^(---|\+\+\+)/.test(line)
        ? style('bold', line.trimEnd())
        : line.startsWith('+')
          ? style('green', line)
          : line.startsWith('-')
            ? style('red', line)
            : line.startsWith('@')
              ? style('cyan', line)
              : line,
    )
    .join('\n');
}
