import type { Memory } from '../model/memory.ts';
import { isoTime } from '../model/time.ts';
import { snippet } from '../recall/snippet.ts';

/** What of a memory's text stands in a line. */
const LINE_CHARS = 200;
/** Ids that the store makes; another one may be any text, so it is quoted too. */
const PLAIN_ID = /^[\w.:-]+$/;

/**
 * A memory as one line of a list that a model reads: its id, why it is there, its day, and the passage that fits the task best. Whatever
 * it says stays inside its quotes: no line break, no invisible character and no tag leaves them.
 *
 * @param why a word, such as `pinned`
 * @param task what the passage is chosen for; empty: the beginning
 */
export function quotedLine(memory: Memory, why: string, task: string): string {
  const id = PLAIN_ID.test(memory.id) ? memory.id : quoted(memory.id);
  const day = isoTime(memory.updatedAt).slice(0, 10);
  return `- ${id} (${why}, ${day}): ${quoted(snippet(memory.content, task, LINE_CHARS).text)}`;
}

function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/\p{C}/gu, '').trim();
  // A client puts it between tags of its own, which must not end here.
  return JSON.stringify(line).replace(/<(?=[\p{L}/!?])/gu, '\\u003c');
}
