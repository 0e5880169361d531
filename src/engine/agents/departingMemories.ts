import type { Memories } from '../memories/memories.ts';
import type { Agent } from '../model/agent.ts';
import type { Caller } from '../model/caller.ts';
import type { Memory, MemoryPatch } from '../model/memory.ts';

/** What becomes of the memories of an agent that leaves. */
export const DEPARTING_MEMORIES = ['keep', 'transfer', 'delete'] as const;
export type DepartingMemories = (typeof DEPARTING_MEMORIES)[number];

const PAGE = 500;

/**
 * Gives the caller's memories that bear an agent's label to another agent, or forgets them; both can be undone, change by change.
 * @param heir gets them; undefined: they are forgotten @returns how many
 */
export async function disposeOfMemories(
  memories: Memories,
  { id, namespace }: Pick<Agent, 'id' | 'namespace'>,
  heir: Agent | undefined,
  caller: Caller,
  signal: AbortSignal,
): Promise<number> {
  const own = await ownMemories(memories, id, namespace, caller);
  for (let start = 0; start < own.length; start += PAGE) {
    signal.throwIfAborted();
    const page = own.slice(start, start + PAGE);
    if (!heir) {
      const ids = page.map(memory => memory.id);
      await memories.forget(ids, caller);
      continue;
    }
    for (const memory of page) await memories.update(memory.id, handOver(memory, heir, caller), caller);
  }
  return own.length;
}

/** All of them before any is changed, since a change takes it out of the list. */
async function ownMemories(
  memories: Memories,
  agent: string,
  namespace: string,
  caller: Caller,
): Promise<readonly Memory[]> {
  const own: Memory[] = [];
  let after: string | undefined;
  do {
    const page = { limit: PAGE, offset: 0, order: 'oldest', ...(after !== undefined && { after }) } as const;
    const { memories: found } = await memories.list({ namespaces: [namespace], agent }, page, caller);
    own.push(...found.filter(({ owner }) => owner === caller.principal.id));
    after = found.length < PAGE ? undefined : found.at(-1)?.id;
  } while (after !== undefined);
  return own;
}

/** What was for its owner alone is for the heir's owner too. */
function handOver({ sharedWith, visibility }: Memory, heir: Agent, caller: Caller): MemoryPatch {
  if (visibility === 'public' || heir.owner === caller.principal.id) return { agent: heir.id };
  return {
    agent: heir.id,
    visibility: 'shared',
    sharedWith: [...new Set([...sharedWith, heir.owner])],
  };
}
