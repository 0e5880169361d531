/** A text's lines, whatever ends them, without a byte order mark. */
export function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n|[\r\n]/);
}

/**
 * What an anchor's `textHash` is taken of: whole lines, joined by `\n`. What ends them, and white space before it, does not count,
 * since tools change it on their own.
 *
 * @param startLine counts from 1 @param endLine is included; beyond the last line there is nothing
 */
export function anchoredText(lines: readonly string[], startLine: number, endLine: number): string {
  return lines
    .slice(startLine - 1, endLine)
    .map(line => line.trimEnd())
    .join('\n');
}
