import { createHash } from 'node:crypto';
import type { Caller } from '../../engine/model/caller.ts';
import { demandWithin } from '../../engine/model/rights.ts';
import type { Sender } from '../../surfaces/http/authenticate.ts';
import type { Runtime } from '../runtime.ts';

export interface Asking {
  /** As it names itself. */
  readonly client: string;
  /** As the address names it; undefined: the server's own, or the first that the token reaches. */
  readonly namespace?: string | undefined;
  /** One that goes on after the call. */
  readonly session?: string | undefined;
}

/**
 * On whose behalf a request is done: the user of this machine, or the principal that a token stands for, with its rights.
 * Throws `forbidden` for a namespace that the token does not reach.
 */
export function callerOf(
  runtime: Pick<Runtime, 'caller'>,
  own: string,
  { client, namespace, session }: Asking,
  { subject, rights }: Sender,
): Caller {
  const reached = rights?.namespaces;
  const home = reached && !reached.includes(own) ? (reached[0] ?? own) : own;
  const caller = runtime.caller(client, namespace ?? home, session);
  if (subject === undefined) return { ...caller, ...(rights && { rights }) };
  if (namespace !== undefined) demandWithin({ ...(rights && { rights }) }, namespace);
  const { client: label } = caller.principal;
  // The server's own label, and its instance, are not theirs.
  const { agent: _, ...rest } = caller;
  return {
    ...rest,
    principal: { id: `${subject}/${label}`, client: label },
    ...(session === undefined && { instance: `${label}-${shortOf(subject)}` }),
    ...(rights && { rights }),
  };
}

function shortOf(subject: string): string {
  return createHash('sha256').update(subject).digest('hex').slice(0, 12);
}
