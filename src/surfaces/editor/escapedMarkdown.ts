/**
 * Markdown that shows a text as it is: what anyone stored must not act as a link, an image or a heading.
 * Unlike `MarkdownString.appendText` it keeps spaces, so that long lines wrap.
 */
export function escapedMarkdown(text: string): string {
  return text
    .toWellFormed()
    .replace(/[!-/:-@[-`{-~]/g, '\\$&')
    .replace(/[ \t]*\r?\n/g, '  \n');
}
