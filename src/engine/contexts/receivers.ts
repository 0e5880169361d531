import { clientLabel } from '../agents/clientLabel.ts';
import { isKnownClient } from '../agents/describeAgent.ts';
import { MemoryError } from '../errors.ts';
import { oneLine } from '../foreignText.ts';
import type { Agent } from '../model/agent.ts';
import type { Receiver } from '../model/context.ts';

/** Of the agents that are there so many are told to who names another. */
const TOLD = 10;

/**
 * Who is meant by the names that a sharer gave: an agent of the namespace comes first, then a principal (`user@host/client`), then a client
 * that is known or that an agent of the namespace has, under any of its names.
 * Throws `not_found` for a name that is none of these: what is shared should arrive.
 */
export function resolveReceivers(names: readonly string[], agents: readonly Agent[]): readonly Receiver[] {
  return [...new Set(names)].map(name => {
    if (name === '*') return { kind: 'everyone' };
    const agent = agents.find(({ id }) => id === name);
    if (agent) return { kind: 'agent', id: name, owner: agent.owner };
    if (isPrincipal(name)) return { kind: 'principal', id: name };
    const label = clientLabel(name);
    if (isKnownClient(label) || agents.some(({ client }) => client === label))
      return { kind: 'client', id: label };
    throw new MemoryError(
      'not_found',
      `There is no agent "${oneLine(name)}".`,
      `Name a registered agent (${namesOf(agents)}), a client such as claude-code, or * for all.`,
    );
  });
}

/** `user@host/client` */
export function isPrincipal(name: string): boolean {
  return /^[^/]+@[^/]+\/.+$/.test(name);
}

/** Ids of those that were seen last, in words. */
export function namesOf(agents: readonly Agent[]): string {
  if (agents.length === 0) return 'none is there';
  const last = agents.toSorted((a, b) => b.heartbeatAt - a.heartbeatAt).slice(0, TOLD);
  const more = agents.length - last.length;
  return `${last.map(({ id }) => oneLine(id)).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
