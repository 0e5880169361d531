import { createTwoFilesPatch } from 'diff';
import type { Style } from '../terminal.ts';
import type { FileChange } from './fileChange.ts';

/** The token is left out of what is shown: terminals are recorded. */
export function showDiff(
  { path, before, after }: FileChange,
  token: string | undefined,
  style: Style,
): string {
  const hide = (text: string) => (token ? text.replaceAll(token, '<token>') : text);
  const patch = createTwoFilesPatch(
    before === undefined ? 'no file' : path,
    after === undefined ? 'no file' : path,
    hide(before ?? ''),
    hide(after ?? ''),
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
