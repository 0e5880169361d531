import { z } from 'zod';
import type { SessionRecord } from '../../engine/ports/sessionRecords.ts';
import { shortTime, time, toTime } from '../recordFields.ts';

export const sessionId = z.string().min(1).max(200).describe('Id of the session, such as abc123');
export const username = z.string().min(1).max(200).optional();

export const sessionView = z.object({
  id: z.string(),
  saved_at: time,
  context: z.string(),
  files: z.array(z.string()),
  current_task: z.string(),
  last_tool: z.string(),
  node: z.string(),
});
type SessionView = z.infer<typeof sessionView>;

export function viewSession({ id, updatedAt, files, ...session }: SessionRecord): SessionView {
  return {
    id,
    saved_at: toTime(updatedAt),
    context: session.context,
    files: [...files],
    current_task: session.currentTask,
    last_tool: session.lastTool,
    node: session.node,
  };
}

/** One line: when, which, where, what. */
export function sessionLine({ id, saved_at, current_task, node }: SessionView): string {
  return `${shortTime(saved_at)}  ${id}${node === '' ? '' : ` on ${node}`}${current_task === '' ? '' : `: ${current_task}`}`;
}
