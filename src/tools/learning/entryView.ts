import { z } from 'zod';
import { LEARNING_GROUPS } from '../../engine/model/learningGroups.ts';
import type { QueuedEntry } from '../../engine/ports/learningQueue.ts';
import { shortTime, time, toTime } from '../recordFields.ts';

export const group = z.enum(LEARNING_GROUPS).describe('Each group sees every entry');
export const consumer = z
  .string()
  .min(1)
  .max(200)
  .describe('Who reads; of a group each entry goes to one consumer');

export const entryView = z.object({
  id: z.string(),
  at: time,
  session_id: z.string(),
  user_query: z.string(),
  tool_used: z.string(),
  tool_args: z.string().describe('JSON'),
  result: z.string(),
  success: z.boolean(),
  duration_ms: z.number(),
  node: z.string(),
});
type EntryView = z.infer<typeof entryView>;

export function viewEntry(entry: QueuedEntry): EntryView {
  return {
    id: entry.id,
    at: toTime(entry.at),
    session_id: entry.sessionId,
    user_query: entry.userQuery,
    tool_used: entry.toolUsed,
    tool_args: entry.toolArgs,
    result: entry.result,
    success: entry.success,
    duration_ms: entry.durationMs,
    node: entry.node,
  };
}

/** One line: id, when, which tool, how it went, what was asked. */
export function entryLine({ id, at, tool_used, success, duration_ms, user_query }: EntryView): string {
  return `${id}  ${shortTime(at)}  ${tool_used} ${success ? 'went well' : 'failed'} in ${duration_ms} ms: ${user_query}`;
}
