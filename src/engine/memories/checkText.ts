import { MemoryError } from '../errors.ts';

/**
 * Refuses text that some store, index or client could not carry unchanged: NUL characters and lone
 * surrogates (which have no UTF-8), or more than `maxChars` UTF-16 units.
 */
export function checkText(what: string, text: string, maxChars: number): void {
  if (text.length > maxChars) {
    throw new MemoryError(
      'too_large',
      `${what} has ${text.length} characters; at most ${maxChars} are kept.`,
      'Shorten it, or store it as several memories that share a session_id.',
    );
  }
  if (text.includes('\0')) {
    throw new MemoryError(
      'invalid_input',
      `${what} contains a NUL character.`,
      'Remove the character U+0000.',
    );
  }
  if (!text.isWellFormed()) {
    throw new MemoryError(
      'invalid_input',
      `${what} contains half of a surrogate pair, which is no valid Unicode.`,
      'Send well-formed Unicode; the text was probably cut in the middle of an emoji.',
    );
  }
}
