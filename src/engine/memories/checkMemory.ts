import { MemoryError } from '../errors.ts';
import { LIMITS } from '../model/limits.ts';
import type { Memory } from '../model/memory.ts';
import { checkText } from './checkText.ts';

/** What is checked of a memory, whole or yet a draft. */
type Checked = { readonly [K in keyof Memory]?: Memory[K] | undefined };

/** Refuses what could not be kept unchanged or could never be found: see `LIMITS`. Nothing is cut. */
export function checkMemory(memory: Checked): void {
  const { content, tags = [], sharedWith = [], anchors = [] } = memory;
  if (content === undefined || content.trim() === '') {
    throw new MemoryError(
      'invalid_input',
      'The content is empty.',
      'Say in plain words what is to be remembered.',
    );
  }
  checkText('The content', content, LIMITS.contentChars);
  for (const [what, text] of [
    ['The id', memory.id],
    ['agent_id', memory.agent],
    ['session_id', memory.session],
    ['The external id', memory.externalId],
    ['supersedes', memory.supersedes],
  ] as const) {
    if (text !== undefined && text !== null) checkName(what, text);
  }
  if (memory.id !== undefined && memory.supersedes === memory.id) {
    throw new MemoryError(
      'invalid_input',
      'A memory cannot replace itself; nothing was changed.',
      'Name another one.',
    );
  }
  checkCount('tags', tags.length, LIMITS.tags);
  checkCount('shared_with', sharedWith.length, LIMITS.sharedWith);
  checkCount('anchors', anchors.length, LIMITS.anchors);
  for (const tag of tags) checkText('A tag', tag, LIMITS.tagChars);
  for (const name of sharedWith) checkName('shared_with', name);
  checkText('The metadata', JSON.stringify(memory.metadata ?? {}), LIMITS.metadataChars);
  // JSON escapes NUL and lone surrogates, so they are looked for in the strings themselves.
  walkStrings(memory.metadata, text => checkText('The metadata', text, LIMITS.metadataChars));
  walkStrings([memory.anchors, memory.provenance], text =>
    checkText('An anchor or source', text, LIMITS.contentChars),
  );
}

function checkName(what: string, text: string): void {
  if (text.trim() === '')
    throw new MemoryError('invalid_input', `${what} is empty.`, 'Leave it out, or name it.');
  checkText(what, text, LIMITS.nameChars);
}

function checkCount(what: string, count: number, max: number): void {
  if (count <= max) return;
  throw new MemoryError(
    'too_large',
    `${count} ${what} are too many; at most ${max} are kept.`,
    `Give fewer ${what}.`,
  );
}

function walkStrings(value: unknown, visit: (text: string) => void): void {
  if (typeof value === 'string') visit(value);
  else if (Array.isArray(value)) for (const item of value) walkStrings(item, visit);
  else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      visit(key);
      walkStrings(item, visit);
    }
  }
}
