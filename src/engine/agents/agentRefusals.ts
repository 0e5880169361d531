import { MemoryError } from '../errors.ts';
import type { AgentKey } from '../model/agent.ts';

/** Only the principal that an agent belongs to speaks for it; which one that is, nobody else learns. */
export function foreignAgent({ id }: Pick<AgentKey, 'id'>): MemoryError {
  return new MemoryError(
    'forbidden',
    `The agent "${id}" belongs to another user or client.`,
    'Act as an agent of your own: leave agent_id out, or register another name.',
  );
}

/** @param fix default: how to act as one that is there */
export function unknownAgent(
  { id, namespace }: AgentKey,
  fix = 'Register it with register_agent, or leave agent_id out to act as this session.',
): MemoryError {
  return new MemoryError('not_found', `There is no agent "${id}" in ${namespace}.`, fix);
}

/** It ended, was claimed anew, or is another agent's. */
export function staleFileClaim(id: string): MemoryError {
  return new MemoryError(
    'stale_lease',
    `The claim "${id}" on files does not hold any more.`,
    'Claim the files again before you change them.',
  );
}
