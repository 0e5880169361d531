const WORD = /[\p{L}\p{N}_]{3,}/gu;

/**
 * The part of a text that shows best why it was found: the window of `maxChars` that holds the most different words of the query.
 * Short texts come whole; cuts are marked by an ellipsis and fall between words.
 */
export function snippet(text: string, query: string, maxChars: number): { text: string; truncated: boolean } {
  const trimmed = text.trim();
  if (trimmed.length <= maxChars) return { text: trimmed, truncated: false };
  const start = bestStart(trimmed, query, maxChars);
  const end = Math.min(trimmed.length, start + maxChars);
  const cut = trimmed.slice(start, end);
  const from = start === 0 ? 0 : Math.max(0, cut.search(/\s/) + 1);
  const lastSpace = cut.search(/\s\S*$/);
  const to = end === trimmed.length || lastSpace <= from ? cut.length : lastSpace;
  const shown = cut.slice(from, to).toWellFormed().trim();
  return {
    text: `${start === 0 ? '' : '… '}${shown}${end === trimmed.length ? '' : ' …'}`,
    truncated: true,
  };
}

/** Where the window begins: a little before a query word, with the most query words after it; 0 when there is none. */
function bestStart(text: string, query: string, maxChars: number): number {
  const words = new Set(Array.from(query.toLowerCase().matchAll(WORD), match => stemLike(match[0])));
  const hits = Array.from(text.toLowerCase().matchAll(WORD), ({ index, 0: word }) => ({
    at: index,
    word: stemLike(word),
  })).filter(({ word }) => words.has(word));
  let best = { start: 0, count: 0 };
  // Each hit comes into the window once and leaves it once: a long text may have ten thousand.
  const inside = new Map<string, number>();
  let next = 0;
  for (const { at, word } of hits) {
    for (; next < hits.length && hits[next]!.at < at + maxChars * 0.8; next++)
      inside.set(hits[next]!.word, (inside.get(hits[next]!.word) ?? 0) + 1);
    if (inside.size > best.count)
      best = { start: Math.max(0, at - Math.floor(maxChars * 0.15)), count: inside.size };
    if (inside.get(word) === 1) inside.delete(word);
    else inside.set(word, inside.get(word)! - 1);
  }
  return Math.min(best.start, Math.max(0, text.length - maxChars));
}

/** Enough to match "caches" with "cache" when a passage is chosen; ranking uses a real stemmer. */
function stemLike(word: string): string {
  return word.slice(0, Math.max(4, word.length - 3));
}
