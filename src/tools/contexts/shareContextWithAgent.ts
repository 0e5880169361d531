import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { oneLine } from '../../engine/foreignText.ts';
import { PERMISSIONS, type SharedFile } from '../../engine/model/context.ts';
import { LIMITS } from '../../engine/model/limits.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from '../tasks/taskFields.ts';
import { absent, absentOf, absentText } from './absentReceivers.ts';
import { contextView, viewShared } from './contextView.ts';

/** Lists come as lists, too; a command line and most models write commas. */
const names = z.preprocess(
  given => (Array.isArray(given) ? given.join(',') : given),
  z.string().min(1).optional(),
);

export const shareContextWithAgent = defineTool({
  name: 'share_context_with_agent',
  title: 'Share context with an agent',
  description:
    'Gives other agents a message, memories, files or a whole session’s memories; they find it with get_shared_context.',
  effect: 'writes',
  set: 'agents',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    to_agent: names.describe('Agent ids or clients, comma-separated; * all. Default: who reply_to is from'),
    content: own.words.optional(),
    memory_ids: z.array(field.memoryId).optional(),
    files: z.array(z.string().min(1)).optional().describe('path or path:10-20'),
    session_id: own.id.optional().describe('All that was stored in it'),
    topic: z.string().max(LIMITS.titleChars).optional(),
    permission: z.enum(PERMISSIONS).optional(),
    bidirectional: z.boolean().optional().describe('Answers reach all of you'),
    expires: z
      .preprocess(given => (typeof given === 'number' ? String(given) : given), z.string().optional())
      .describe('ISO time, or seconds'),
    reply_to: own.id.optional(),
    task_id: own.id.optional().describe('Task that it is about'),
    from_agent: own.id.optional().describe('An agent of yours; default: this session'),
    metadata: field.metadata.optional(),
    namespace: field.writeNamespace,
  }),
  advanced: ['task_id', 'from_agent', 'metadata', 'namespace'],
  output: contextView.extend({ absent }),
  async handle(input, { engine, caller }) {
    const to = (input.to_agent ?? '').split(',').map(name => name.trim());
    const shared = await engine.contexts.share(
      {
        ...{ namespace: input.namespace, from: input.from_agent, to: to.filter(name => name !== '') },
        ...{ topic: input.topic, content: input.content, memoryIds: input.memory_ids },
        files: input.files?.map(fileOf),
        ...{ session: input.session_id, taskId: input.task_id, permission: input.permission },
        ...{ bidirectional: input.bidirectional, replyTo: input.reply_to, metadata: input.metadata },
        expiresAt: endOf(input.expires),
      },
      caller,
    );
    return { ...viewShared(shared), ...(await absentOf(shared, engine)) };
  },
  summarize: ({ id, to, expires_at, absent: clients }) =>
    `Shared ${id} with ${to.map(one => (one === '*' ? 'all' : oneLine(one))).join(', ')}${expires_at === undefined ? '' : ` until ${expires_at}`}.${absentText(clients)}`,
});

/** `path`, `path:10` or `path:10-20`. */
function fileOf(place: string): SharedFile {
  const [, path, start, end] = /^(.+?):(\d+)(?:-(\d+))?$/.exec(place) ?? [];
  if (path === undefined) return { path: place };
  return { path, startLine: Number(start), ...(end !== undefined && { endLine: Number(end) }) };
}

/** ms since the epoch. Throws `invalid_input` for what is neither a time nor a number of seconds. */
function endOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Date.now() + Number(text) * 1000);
  const parsed = field.instant.safeParse(text);
  if (parsed.success) return Date.parse(text);
  throw new MemoryError(
    'invalid_input',
    `expires is ${JSON.stringify(text.slice(0, 40))}. Nothing was shared.`,
    'Give an ISO time such as 2026-03-01T12:00Z, or a number of seconds.',
  );
}
