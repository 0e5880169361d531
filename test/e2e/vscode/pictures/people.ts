import { localPrincipal } from '../../../../src/adapters/node/principal.ts';
import type { Caller } from '../../../../src/engine/model/caller.ts';

/** Of the repository that the pictures show. */
export const NAMESPACE = 'github.com/example/orders';

/** Somebody at work there. */
export function callerOf(client: string): Caller {
  return { principal: localPrincipal(client), instance: `${client}-1`, namespace: NAMESPACE };
}

export const person: Caller = { ...callerOf('cli'), person: true };
