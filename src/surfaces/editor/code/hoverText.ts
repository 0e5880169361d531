import { anchoredText, linesOf } from '../../../engine/anchors/anchoredText.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';

/** What anybody stored, as a quotation that does nothing: Markdown for a string that is not trusted. @param lines at most */
export function quotedMarkdown(text: string, lines = 12): string {
  const all = text.split(/\r\n|[\r\n]/);
  const shown = all.length > lines ? [...all.slice(0, lines), '…'] : all;
  return shown.map(line => `> ${escapedMarkdown(line.replace(/^[ \t]+/, indented))}`).join('  \n');
}

/** What is said of code, without the code itself where it still stands there: that is what the pointer rests on. */
export function withoutCode(
  content: string,
  textHash: string | undefined,
  sha256: (text: string) => string,
): string {
  const [whole, code] = /\n+```[^\n`]*\n([\s\S]*?)\n```\s*$/.exec(content) ?? [];
  if (whole === undefined || code === undefined) return content;
  const lines = linesOf(code);
  return sha256(anchoredText(lines, 1, lines.length)) === textHash
    ? content.slice(0, -whole.length)
    : content;
}

/** Spaces that make no code block. */
function indented(space: string): string {
  return '\u00a0'.repeat(space.replaceAll('\t', '  ').length);
}

/** A link to a command, for a string that is trusted to run it. @param ids all that the command is given */
export function commandLink(
  command: string,
  ids: readonly (string | readonly string[])[],
  shown: string,
  title: string,
): string {
  // A bracket would end the address.
  const given = encodeURIComponent(JSON.stringify(ids)).replace(
    /[()']/g,
    one => `%${one.charCodeAt(0).toString(16)}`,
  );
  return `[${shown}](command:memoryCentral.${command}?${given} "${title.replaceAll('"', "'")}")`;
}
