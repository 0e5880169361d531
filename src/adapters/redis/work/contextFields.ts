import { readFiles, readReceivers } from '../../../engine/contexts/readContext.ts';
import type { NewContext, Permission, SharedContext } from '../../../engine/model/context.ts';
import { readObject, readTexts } from '../../../engine/model/readJson.ts';
import { isoOrNull } from '../../../engine/model/time.ts';
import { type Fields, timeOf, truthOf } from '../records/fields.ts';

/** Comes before the principal in the name of a field that says when it acknowledged. */
const ACKNOWLEDGED = 'acknowledged:';

/** Names and values in turn; what is not there is left out. */
export function toContextFields(context: NewContext): string[] {
  const fields: Readonly<Record<string, string | null>> = {
    namespace: context.namespace,
    id: context.id,
    from: context.from,
    owner: context.owner,
    to: JSON.stringify(context.to),
    topic: context.topic,
    content: context.content,
    memory_ids: JSON.stringify(context.memoryIds),
    files: JSON.stringify(context.files),
    session: context.session,
    task_id: context.taskId,
    permission: context.permission,
    bidirectional: `${context.bidirectional}`,
    metadata: JSON.stringify(context.metadata),
    reply_to: context.replyTo,
    expires_at: isoOrNull(context.expiresAt),
  };
  return Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [name, value]));
}

/** undefined where there is none, or nobody can tell who may read it. */
export function toContext(fields: Fields): SharedContext | undefined {
  const to = readReceivers(fields['to']);
  const owner = fields['owner'];
  if (to === undefined || owner === undefined) return undefined;
  return {
    namespace: fields['namespace'] ?? '',
    id: fields['id'] ?? '',
    from: fields['from'] ?? '',
    owner,
    to,
    topic: fields['topic'] ?? '',
    content: fields['content'] ?? '',
    memoryIds: readTexts(fields['memory_ids']),
    files: readFiles(fields['files']),
    session: fields['session'] ?? null,
    taskId: fields['task_id'] ?? null,
    permission: (fields['permission'] ?? 'read') as Permission,
    bidirectional: truthOf(fields['bidirectional']),
    metadata: readObject(fields['metadata']) ?? {},
    replyTo: fields['reply_to'] ?? null,
    createdAt: timeOf(fields['created_at']),
    expiresAt: fields['expires_at'] === undefined ? null : timeOf(fields['expires_at']),
    acknowledged: Object.entries(fields)
      .filter(([name]) => name.startsWith(ACKNOWLEDGED))
      .map(([name, at]) => ({ by: name.slice(ACKNOWLEDGED.length), at: timeOf(at) }))
      .sort((a, b) => a.at - b.at || (a.by < b.by ? -1 : 1)),
  };
}
