import { clientLabel } from '../agents/clientLabel.ts';
import { isKnownClient } from '../agents/describeAgent.ts';
import { MemoryError } from '../errors.ts';
import { oneLine } from '../foreignText.ts';
import type { Agent } from '../model/agent.ts';
import { isPrincipal, namesOf } from './receivers.ts';

/**
 * Who a memory is to be shared with, by the names that its owner gave, each once: principals (`user@host/client`) as they are, clients
 * under the label that stands for all their names, agents as the principals that own them.
 *
 * @param agents of the memory's namespace, asked where a name is neither a principal nor a well-known client; undefined: nobody can know
 *   who is there, and the name counts as a client's
 * Rejects with `not_found` for a name that is none of these: nobody could ever see the memory under it.
 */
export async function audience(
  names: readonly string[],
  agents: () => Promise<readonly Agent[] | undefined>,
): Promise<readonly string[]> {
  let asked: Promise<readonly Agent[] | undefined> | undefined;
  const ask = () => {
    asked ??= agents();
    return asked;
  };
  const meant = await Promise.all(
    names.map(async name => {
      const label = clientLabel(name);
      if (isPrincipal(name)) return name;
      return isKnownClient(label) ? label : whoIs(name, label, await ask());
    }),
  );
  return [...new Set(meant)];
}

function whoIs(name: string, label: string, agents: readonly Agent[] | undefined): string {
  if (name.trim() === '*')
    throw new MemoryError(
      'invalid_input',
      'shared_with does not mean everybody. Nothing was changed.',
      'Leave it out, with visibility public: all of the namespace see the memory then.',
    );
  if (!agents || agents.some(({ client }) => client === label)) return label;
  const agent = agents.find(({ id }) => id === name);
  if (agent) return agent.owner;
  throw new MemoryError(
    'not_found',
    `Nobody here is called "${oneLine(name)}". Nothing was changed.`,
    `Name a principal such as user@host/client, a client such as claude-code, or an agent (${namesOf(agents)}).`,
  );
}
