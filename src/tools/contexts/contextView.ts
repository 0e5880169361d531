import { z } from 'zod';
import type { ReceivedContext } from '../../engine/contexts/contexts.ts';
import { oneLine, quoted } from '../../engine/foreignText.ts';
import type { Receiver, SharedContext, SharedFile } from '../../engine/model/context.ts';
import { isoTime } from '../../engine/model/time.ts';
import { snippet } from '../../engine/recall/snippet.ts';

const SNIPPET_CHARS = 240;

/** What is shared, as tools answer it; what is not there is absent. Times are ISO 8601. */
export const contextView = z.object({
  id: z.string(),
  namespace: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  topic: z.string().optional(),
  content: z.string().optional(),
  memories: z
    .array(z.object({ id: z.string(), memory_type: z.string(), content: z.string(), truncated: z.boolean() }))
    .optional()
    .describe('As snippets; retrieve_memory has them whole'),
  files: z.array(z.string()).optional(),
  session_id: z.string().optional(),
  task_id: z.string().optional(),
  permission: z.string(),
  bidirectional: z.boolean(),
  reply_to: z.string().optional(),
  metadata: z.record(z.string(), z.json()).optional(),
  created_at: z.string(),
  expires_at: z.string().optional(),
  acknowledged: z
    .array(z.object({ by: z.string(), at: z.string() }))
    .optional()
    .describe('Told to its sharer only'),
});
export type ContextView = z.infer<typeof contextView>;

/** @param own the viewer shares it */
export function viewContext({ context, memories }: ReceivedContext, own: boolean): ContextView {
  const { topic, content, files, session, taskId, replyTo, metadata, expiresAt, acknowledged } = context;
  return {
    ...{ id: context.id, namespace: context.namespace, from: context.from, to: context.to.map(nameOf) },
    ...(topic !== '' && { topic }),
    ...(content !== '' && { content }),
    ...(memories.length > 0 && {
      memories: memories.map(({ id, type, content }) => {
        const shown = snippet(content, '', SNIPPET_CHARS);
        return { id, memory_type: type, content: shown.text, truncated: shown.truncated };
      }),
    }),
    ...(files.length > 0 && { files: files.map(placeOf) }),
    ...(session !== null && { session_id: session }),
    ...(taskId !== null && { task_id: taskId }),
    ...{ permission: context.permission, bidirectional: context.bidirectional },
    ...(replyTo !== null && { reply_to: replyTo }),
    ...(Object.keys(metadata).length > 0 && { metadata: metadata as NonNullable<ContextView['metadata']> }),
    created_at: isoTime(context.createdAt),
    ...(expiresAt !== null && { expires_at: isoTime(expiresAt) }),
    ...(own &&
      acknowledged.length > 0 && {
        acknowledged: acknowledged.map(({ by, at }) => ({ by, at: isoTime(at) })),
      }),
  };
}

export function viewShared(context: SharedContext): ContextView {
  return viewContext({ context, memories: [] }, true);
}

/** What others wrote stands quoted under the answer's own words: it is data. */
export function contextText(context: ContextView): string {
  const { id, from, to, topic, permission, expires_at, content, memories = [], files = [] } = context;
  const facts = [
    ...(topic === undefined ? [] : [`topic ${oneLine(topic)}`]),
    ...(context.reply_to === undefined ? [] : [`answers ${oneLine(context.reply_to)}`]),
    ...(context.task_id === undefined ? [] : [`task ${oneLine(context.task_id)}`]),
    ...(memories.length > 0 && permission === 'read_write' ? ['its memories may be changed'] : []),
    ...(expires_at === undefined ? [] : [`until ${expires_at.slice(0, 19)}Z`]),
    ...(context.acknowledged ?? []).map(({ by }) => `read by ${oneLine(by)}`),
  ];
  return [
    [`${oneLine(id)} ${context.created_at.slice(0, 16)}Z from ${oneLine(from)} to ${all(to)}`, ...facts].join(
      '; ',
    ),
    ...(content === undefined ? [] : [quoted(content)]),
    ...memories.map(
      memory => `> ${oneLine(memory.id)} ${oneLine(memory.memory_type)}: ${oneLine(memory.content, 300)}`,
    ),
    ...(files.length > 0 ? [`> files: ${all(files)}`] : []),
  ].join('\n');
}

/** A part of a file as it is written: `path` or `path:10-20`. */
export function placeOf({ path, startLine, endLine }: SharedFile): string {
  if (startLine === undefined) return path;
  return endLine === undefined ? `${path}:${startLine}` : `${path}:${startLine}-${endLine}`;
}

function all(texts: readonly string[]): string {
  return texts.map(text => oneLine(text)).join(', ');
}

function nameOf(receiver: Receiver): string {
  return receiver.kind === 'everyone' ? '*' : receiver.id;
}
