import { z } from 'zod';
import type { Engine } from '../../engine/engine.ts';
import type { SharedContext } from '../../engine/model/context.ts';

/** Field of an answer. */
export const absent = z.array(z.string()).optional().describe('Clients of which nobody is here now');

/** Which of the clients that something is for have no agent online but its sharer. */
export async function absentOf(
  { from, namespace, to }: SharedContext,
  { agents }: Pick<Engine, 'agents'>,
): Promise<{ absent?: string[] }> {
  const clients = to.flatMap(one => (one.kind === 'client' ? [one.id] : []));
  if (clients.length === 0) return {};
  const online = (await agents.list([namespace])).filter(
    ({ id, presence }) => id !== from && presence === 'online',
  );
  const missing = clients.filter(name => !online.some(({ client }) => client === name));
  return missing.length > 0 ? { absent: missing } : {};
}

/** A sentence that follows another; empty where nobody is missing. */
export function absentText(clients: readonly string[] = []): string {
  if (clients.length === 0) return '';
  return ` Nobody of ${clients.join(', ')} is here now: it is kept until one comes.`;
}
