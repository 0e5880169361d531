import { visible } from '../../engine/foreignText.ts';

/**
 * Markdown that shows a text as it is: what anyone stored must not act as a link, an image or a heading.
 * Unlike `MarkdownString.appendText` it keeps spaces, so that long lines wrap. What turns the direction of reading or cannot be seen is
 * shown by its number.
 */
export function escapedMarkdown(text: string): string {
  return visible(text.toWellFormed())
    .replace(/[!-/:-@[-`{-~]/g, '\\$&')
    .replace(/[ \t]*\r?\n/g, '  \n');
}
