import type { Engine } from '../engine.ts';
import { MemoryError } from '../errors.ts';
import type { Agent } from '../model/agent.ts';
import type { Caller } from '../model/caller.ts';
import { writeNamespace } from '../model/namespace.ts';
import { demandScope } from '../model/rights.ts';
import { type DepartingMemories, disposeOfMemories } from './departingMemories.ts';

export interface DepartureRequest {
  readonly namespace?: string | undefined;
  /** Default: the session's own. */
  readonly agent?: string | undefined;
  /** Agent of the namespace that gets the memories, and is offered the tasks first. */
  readonly heir?: string | undefined;
  readonly memories: DepartingMemories;
}

/** What became of an agent's work and memories. */
export interface DepartureReport {
  readonly agent: Agent;
  readonly requeued: number;
  readonly memories: number;
}

/**
 * An agent leaves for good: its tasks go back to the queue, its files are free, its memories go where its owner says.
 * Rejects with `invalid_input` for a transfer without an heir, `not_found` for an agent that is not there, `forbidden` for another's.
 */
export async function depart(
  { agents, memories, tasks }: Pick<Engine, 'agents' | 'memories' | 'tasks'>,
  request: DepartureRequest,
  caller: Caller,
  signal: AbortSignal,
): Promise<DepartureReport> {
  const namespace = writeNamespace(request.namespace, caller);
  if (request.memories !== 'keep') demandScope(caller, 'write');
  const agent = await agents.known(request.agent, namespace, caller);
  if (request.memories === 'transfer' && request.heir === undefined)
    throw refused('Nobody is named that gets the memories.', 'Name an agent with reassign_to, or keep them.');
  if (request.heir === agent.id)
    throw refused(`${agent.id} is the agent that leaves.`, 'Name another agent with reassign_to.');
  const heir = request.heir === undefined ? undefined : await agents.get({ namespace, id: request.heir });
  const moved =
    request.memories === 'keep'
      ? 0
      : await disposeOfMemories(
          memories,
          agent,
          request.memories === 'transfer' ? heir : undefined,
          caller,
          signal,
        );
  const offered = heir ? await tasks.releaseTo(agent, heir.id, undefined, caller) : 0;
  const { requeued } = await agents.unregister(agent.id, namespace, caller);
  return { agent, requeued: requeued + offered, memories: moved };
}

function refused(message: string, fix: string): MemoryError {
  return new MemoryError('invalid_input', `${message} Nothing was changed.`, fix);
}
