import type { Engine } from '../../../engine/engine.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import { readNamespaces } from '../../../engine/model/namespace.ts';
import type { SessionRecord } from '../../../engine/ports/sessionRecords.ts';
import { memoryTitle } from '../memories/memoryText.ts';

const RECORDS = 50;
/** Of the memories that changed last, their sessions are told, too. */
const MEMORIES = 200;

/** A session that was saved, or in which something was stored here. */
export interface SessionEntry extends Pick<SessionRecord, 'id' | 'context' | 'files' | 'lastTool' | 'node'> {
  /** What was done in it, in a few words. */
  readonly title: string;
  /** When it was saved, or something was stored in it last: ms since the epoch */
  readonly at: number;
  /** That were stored in it and that the caller may see. */
  readonly memories: number;
}

/** Newest first. Rejects with `unavailable` while the records cannot be read. */
export async function sessionsOf(
  { memories, records }: Pick<Engine, 'memories' | 'records'>,
  caller: Caller,
): Promise<readonly SessionEntry[]> {
  const namespaces = readNamespaces(undefined, caller)!;
  const newest = { limit: MEMORIES, offset: 0, order: 'updated' } as const;
  const [saved, changed] = await Promise.all([
    records.sessions.recent(RECORDS),
    memories.list({ namespaces }, newest, caller),
  ]);
  const known = new Map<string, Omit<SessionEntry, 'memories'>>();
  for (const { updatedAt: at, currentTask, ...session } of saved)
    known.set(session.id, { ...session, at, title: currentTask || titleOf(session.context) || session.id });
  for (const { session: id, content, updatedAt: at } of changed.memories)
    if (id !== null && !known.has(id))
      known.set(id, {
        id,
        at,
        title: memoryTitle(content),
        ...{ context: '', files: [], lastTool: '', node: '' },
      });
  const count = async (session: string) =>
    (await memories.list({ namespaces, session }, { limit: 1, offset: 0 }, caller)).total;
  const entries = await Promise.all(
    [...known.values()].map(async one => ({ ...one, memories: await count(one.id) })),
  );
  return entries.sort((a, b) => b.at - a.at);
}

function titleOf(context: string): string {
  return context.trim() === '' ? '' : memoryTitle(context);
}
