import { clientName } from '../../../engine/agents/describeAgent.ts';
import type { Engine } from '../../../engine/engine.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import { memoryTitle } from '../memories/memoryText.ts';
import type { Other } from './engineMessages.ts';

/** Of the memories that changed last, whose they are is told. */
const MEMORIES = 100;
const TASKS = 3;

/** Who else works or has worked in the caller's namespace, newest first: agents, and clients that are gone and left something. */
export async function othersOf(
  { agents, memories, tasks }: Pick<Engine, 'agents' | 'memories' | 'tasks'>,
  caller: Caller,
): Promise<readonly Other[]> {
  const namespaces = [caller.namespace];
  const page = { limit: MEMORIES, offset: 0, order: 'updated' } as const;
  const [all, stored] = await Promise.all([
    agents.list(namespaces),
    memories.list({ namespaces }, page, caller),
  ]);
  const lastOf = (client: string) => {
    const last = stored.memories.find(memory => memory.agent === client);
    return last && { at: last.updatedAt, title: memoryTitle(last.content) };
  };
  const self = agents.idOf(caller);
  const others = all.filter(agent => agent.id !== self);
  const present = await Promise.all(
    others.map(async ({ client, heartbeatAt, id, name, presence }): Promise<Other> => {
      const states = ['leased', 'input_required', 'ready'] as const;
      const held = await tasks.list({ namespaces, agent: id, states }, { limit: TASKS, offset: 0 });
      const stored = lastOf(client);
      return {
        ...{ id, client, name, presence, at: heartbeatAt },
        tasks: held.tasks.map(({ task }) => task.title),
        ...(stored && { stored: stored.title }),
      };
    }),
  );
  const known = new Set([caller.principal.client, ...others.map(({ client }) => client)]);
  const clients = new Set(
    stored.memories.flatMap(({ agent }) => (agent === null || known.has(agent) ? [] : [agent])),
  );
  const gone = [...clients].map((client): Other => {
    const { at, title } = lastOf(client)!;
    return { id: client, client, name: clientName(client), presence: 'gone', at, tasks: [], stored: title };
  });
  return [...present, ...gone].sort((a, b) => b.at - a.at);
}
