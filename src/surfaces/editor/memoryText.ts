/** The first line that says something, without Markdown's marks, cut between words. @param chars at most so many */
export function memoryTitle(content: string, chars = 80): string {
  const line = content
    .split('\n')
    .map(text =>
      unmarked(text)
        .replace(/^[\s#>*…-]+/, '')
        .trim(),
    )
    .find(text => text !== '' && !/^[-=~|\s]*$/.test(text));
  if (line === undefined) return 'Untitled';
  return line.length > chars ? `${cut(line, chars - 1)}…` : line;
}

/** What the title does not say, as one line; empty where it says all. */
export function memoryPreview(content: string, title: string): string {
  const line = unmarked(content).replace(/\s+/g, ' ').trim();
  const bare = title.replace(/…$/, '');
  const at = line.indexOf(bare);
  // The title comes first, but for Markdown's marks; further in, the same words are another sentence.
  if (at < 0 || at > 8) return line;
  const rest = line.slice(at + bare.length).replace(/^[\s,;:.–-]+/, '');
  return rest && title !== bare ? `… ${rest}` : rest;
}

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
