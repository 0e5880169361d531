/**
 * Somebody else's text as people and models may see it: as data. What drives a terminal, ends a line or turns the direction of reading is
 * shown by its number instead, such as `\x1b`.
 */

/** C0 and C1 controls, what ends a line or a paragraph, bidi controls, and tags that nobody sees. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;
const LINE_BREAKS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/u;

/** Lines and tabs stay. */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(CONTROLS, control => (control === '\n' || control === '\t' ? control : escapeOf(control)));
}

/** Every text in a JSON value made visible, keys too. */
export function visibleTexts<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T;
  if (Array.isArray(value)) return value.map(visibleTexts) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [visible(key), visibleTexts(part)]),
  ) as T;
}

/** Whether all of it is shown as it is, in one line. */
export function isVisible(text: string): boolean {
  return text.search(CONTROLS) === -1;
}

/** One line of it, cut at whole characters: never run together with the answer's own words. @param chars at most, UTF-16 units */
export function oneLine(text: string, chars = 200): string {
  const flat = text
    .replace(/[\s\u0085]+/gu, ' ')
    .trim()
    .replace(CONTROLS, escapeOf);
  return flat.length <= chars ? flat : `${cut(flat, chars - 1)}…`;
}

/** Every line of it marked as such. @param chars at most, UTF-16 units */
export function quoted(text: string, chars = 4000): string {
  const shown = text.length <= chars ? text : `${cut(text, chars)} …`;
  return shown
    .split(LINE_BREAKS)
    .map(line => `> ${visible(line)}`)
    .join('\n');
}

/** Its beginning, without half of a character. @param chars at most, UTF-16 units */
export function cut(text: string, chars: number): string {
  return text.slice(0, chars).replace(/[\uD800-\uDBFF]$/, '');
}

function escapeOf(control: string): string {
  const number = control.codePointAt(0)!.toString(16);
  if (number.length <= 2) return `\\x${number.padStart(2, '0')}`;
  return number.length <= 4 ? `\\u${number.padStart(4, '0')}` : `\\u{${number}}`;
}
