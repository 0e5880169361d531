import { MemoryError } from '../errors.ts';
import { checkText } from './checkText.ts';

/** C0 and C1 controls, what ends a line or a paragraph, and what turns the direction of reading. */
const NOT_IN_A_LABEL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/**
 * Refuses a name, id, title or path that is not one plain line: it stands in lists beside others, where it could pass for a line of its own.
 * Throws `invalid_input`, `too_large` as `checkText` does.
 */
export function checkLabel(what: string, text: string, maxChars: number): void {
  checkText(what, text, maxChars);
  const found = NOT_IN_A_LABEL.exec(text);
  if (!found) return;
  const number = found[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  throw new MemoryError(
    'invalid_input',
    `${what} contains the character U+${number}: a line break or another sign that nobody sees.`,
    'Write it in one line, without control characters.',
  );
}
