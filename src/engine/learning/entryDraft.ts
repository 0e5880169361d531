import { MemoryError } from '../errors.ts';
import type { Draft } from '../memories/draft.ts';
import { LIMITS } from '../model/limits.ts';
import { readJson } from '../model/readJson.ts';
import type { QueuedEntry } from '../ports/learningQueue.ts';

/** Of what was asked, given and answered, so much is remembered, in characters. */
const MOST = { query: 2_000, args: 1_000, result: 4_000 };
const SOURCE = 'learning';

/** Id of the memory that an entry becomes: by it an entry is known that was taken already. */
export function memoryIdOf(entryId: string): string {
  return `${SOURCE}-${entryId}`;
}

/**
 * What is learnt from one use of a tool. What was asked the same way, with the same outcome, is the same text.
 * Throws `invalid_input` for an entry of which nothing can be learnt.
 */
export function entryDraft(entry: QueuedEntry, namespace: string): Draft {
  const { id, result, sessionId, success, toolUsed, userQuery } = entry;
  const tool = toolUsed.trim();
  if (tool === '') throw worthless('names no tool');
  if (userQuery.trim() === '' && result.trim() === '') throw worthless('has neither a question nor a result');
  // JSON that cannot be read is as if it were not there.
  const args = readJson(entry.toolArgs) === undefined ? '' : entry.toolArgs;
  const lines = [
    ...(userQuery.trim() === '' ? [] : [`Asked: ${cut(userQuery.trim(), MOST.query)}`]),
    `${tool} ${success ? 'went well' : 'failed'}${args === '' || args === '{}' ? '' : ` with ${cut(args, MOST.args)}`}`,
    ...(result.trim() === '' ? [] : [`Result: ${cut(result.trim(), MOST.result)}`]),
  ];
  return {
    ...draftOf(id, namespace),
    content: lines.join('\n'),
    type: 'context',
    priority: 'low',
    tags: [SOURCE, tool.slice(0, LIMITS.tagChars), success ? 'went-well' : 'failed'],
    ...(sessionId !== '' && sessionId.length <= LIMITS.nameChars && { session: sessionId }),
    createdAt: entry.at,
  };
}

/** What is kept of an entry that cannot be learnt from: that there was one, and why. It is put away, so that no recall finds it. */
export function setApartDraft(entry: QueuedEntry, reason: string, namespace: string): Draft {
  return {
    ...draftOf(entry.id, namespace),
    content: `Entry ${entry.id} of the learning queue was set apart: ${reason}`,
    type: 'system_state',
    priority: 'archive',
    tags: [SOURCE, 'set-apart'],
  };
}

function draftOf(id: string, namespace: string) {
  return {
    id: memoryIdOf(id),
    namespace,
    agent: SOURCE,
    provenance: { source: SOURCE, uri: `learning:queue/${id}` },
  };
}

/** Whole characters. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')} …`;
}

function worthless(what: string): MemoryError {
  return new MemoryError('invalid_input', `It ${what}.`, 'Queue what was asked, the tool and its result.');
}
