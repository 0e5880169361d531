import { createHash } from 'node:crypto';
import { clientLabel } from '../../engine/agents/clientLabel.ts';
import { MemoryError } from '../../engine/errors.ts';
import { oneLine } from '../../engine/foreignText.ts';
import type { Caller } from '../../engine/model/caller.ts';
import { demandWithin, type Rights } from '../../engine/model/rights.ts';
import type { Sender } from '../../surfaces/http/authenticate.ts';
import type { Runtime } from '../runtime.ts';

export interface Asking {
  /** As it names itself; undefined: it does not. */
  readonly client: string | undefined;
  /** Label of whoever does not name itself. */
  readonly nameless: string;
  /** As the address names it; undefined: the server's own, or the first that the token reaches. */
  readonly namespace?: string | undefined;
  /** One that goes on after the call. */
  readonly session?: string | undefined;
}

/**
 * On whose behalf a request is done: the user of this machine, or the principal that a token stands for, with its rights.
 * Throws `forbidden` for a namespace that the token does not reach, and for a client that it is not made for.
 */
export function callerOf(
  runtime: Pick<Runtime, 'caller'>,
  own: string,
  { client, nameless, namespace, session }: Asking,
  { subject, rights }: Sender,
): Caller {
  const reached = rights?.namespaces;
  const home = reached && !reached.includes(own) ? (reached[0] ?? own) : own;
  demandClient(client, rights);
  const label = clientLabel(client ?? rights?.clients?.[0] ?? nameless);
  const caller = runtime.caller(label, namespace ?? home, session);
  if (subject === undefined) return { ...caller, ...(rights && { rights }) };
  if (namespace !== undefined) demandWithin({ ...(rights && { rights }) }, namespace);
  // The server's own label, and its instance, are not theirs.
  const { agent: _, ...rest } = caller;
  return {
    ...rest,
    principal: { id: `${subject}/${label}`, client: rights?.clients ? label : ownWord(label, subject) },
    ...(session === undefined && { instance: `${label}-${shortOf(subject)}` }),
    ...(rights && { rights }),
  };
}

function demandClient(client: string | undefined, rights: Rights | undefined): void {
  if (client === undefined || !rights?.clients || rights.clients.includes(clientLabel(client))) return;
  throw new MemoryError(
    'forbidden',
    `Your token is not for the client "${oneLine(client, 60)}". Nothing was done.`,
    `It is for ${rights.clients.join(', ')}; ask whoever runs the server for one of your own.`,
  );
}

/** `token:codex` for whoever says that it is codex: no label of a client has a colon, so nothing that is for one is for it. */
function ownWord(label: string, subject: string): string {
  return `${subject.split(':')[0]}:${label}`;
}

function shortOf(subject: string): string {
  return createHash('sha256').update(subject).digest('hex').slice(0, 12);
}
