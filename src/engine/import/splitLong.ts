/**
 * Parts of a text that is too long for one memory: cut between paragraphs, else lines, else words, never inside a surrogate
 * pair. Joined they are the text again.
 *
 * @param maxChars UTF-16 units, >= 2
 */
export function splitLong(text: string, maxChars: number): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > maxChars) {
    const at = cutBefore(rest, maxChars);
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}

function cutBefore(text: string, max: number): number {
  for (const separator of ['\n\n', '\n', ' ']) {
    const at = text.lastIndexOf(separator, max - separator.length);
    // A part of nothing but the separator would not get on.
    if (at > max / 2) return at + separator.length;
  }
  const high = text.charCodeAt(max - 1);
  return high >= 0xd800 && high <= 0xdbff ? max - 1 : max;
}
