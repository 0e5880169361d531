import { oneLine } from '../../../engine/foreignText.ts';

/** The first line that says something, without Markdown's marks and with what cannot be seen by its number, cut between words. @param chars at most */
export function memoryTitle(content: string, chars = 80): string {
  const line = content
    .replace(FENCE, '')
    .split('\n')
    .map(text =>
      unmarked(text)
        .replace(/^[\s#>*…-]+/, '')
        .trim(),
    )
    .find(text => text !== '' && !/^[-=~|\s]*$/.test(text));
  if (line === undefined) return 'Untitled';
  const shown = oneLine(line, Number.POSITIVE_INFINITY);
  return shown.length > chars ? `${cut(shown, chars - 1)}…` : shown;
}

/** What the title does not say, as one line; empty where it says all. */
export function memoryPreview(content: string, title: string): string {
  const line = oneLine(unmarked(content.replace(FENCE, '')), Number.POSITIVE_INFINITY);
  const bare = title.replace(/…$/, '');
  const at = line.indexOf(bare);
  // The title comes first, but for Markdown's marks; further in, the same words are another sentence.
  if (at < 0 || at > 8) return line;
  const rest = line.slice(at + bare.length).replace(/^[\s,;:.–-]+/, '');
  return rest && title !== bare ? `… ${rest}` : rest;
}

/** A line that begins or ends a block of code. */
const FENCE = /^ {0,3}(`{3,}|~{3,})[^`\n]*$/gm;

/**
 * Marks of code and emphasis, as CommonMark has them but for `__`: in a developer's notes that is `__init__`. A mark within a word
 * (`snake_case`) or beside a space (`2 * 3`) is none.
 */
const MARKS = /(`+)(.+?)\1|(?<![\w*])(\*{1,3})(?=\S)(.*?\S)\3(?![\w*])|(?<!\w)_(?=[^\s_])(.*?[^\s_])_(?!\w)/g;

function unmarked(text: string): string {
  return text.replace(
    MARKS,
    (_whole, _ticks, code?: string, _stars?: string, strong?: string, emphasis?: string) =>
      code ?? unmarked(strong ?? emphasis ?? ''),
  );
}

/** Between words, where one is near enough, without what would stand before the ellipsis. */
function cut(line: string, chars: number): string {
  const space = line.lastIndexOf(' ', chars);
  return line.slice(0, space > chars * 0.6 ? space : chars).replace(/[\s,;:.–-]+$/, '');
}
