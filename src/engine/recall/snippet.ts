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
  const hits = Array.from(text.toLowerCase().matchAll(WORD))
    .filter(match => words.has(stemLike(match[0])))
    .map(match => ({ at: match.index, word: stemLike(match[0]) }));
  let best = { start: 0, count: 0 };
  for (const [i, hit] of hits.entries()) {
    const window = hits.slice(i).filter(other => other.at < hit.at + maxChars * 0.8);
    const count = new Set(window.map(other => other.word)).size;
    if (count > best.count) best = { start: Math.max(0, hit.at - Math.floor(maxChars * 0.15)), count };
  }
  return Math.min(best.start, Math.max(0, text.length - maxChars));
}

/** Enough to match "caches" with "cache" when a passage is chosen; ranking uses a real stemmer. */
function stemLike(word: string): string {
  return word.slice(0, Math.max(4, word.length - 3));
}
