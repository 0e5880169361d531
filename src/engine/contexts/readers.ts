import type { Viewer } from '../model/caller.ts';
import type { Receiver, SharedContext } from '../model/context.ts';

const EVERYONE = 'everyone';

/** Under what an index lists a context, so that whoever may read it finds it: `mayRead` in the form of keys. */
export function readersOf({ owner, to }: Pick<SharedContext, 'to' | 'owner'>): readonly string[] {
  return [...new Set([ofPrincipal(owner), ...to.map(keyOf)])];
}

/** The keys under which a viewer finds what it may read. */
export function readerKeys({ principal, client }: Viewer): readonly string[] {
  return [EVERYONE, ofPrincipal(principal), ofClient(client)];
}

function keyOf(receiver: Receiver): string {
  switch (receiver.kind) {
    case 'everyone':
      return EVERYONE;
    case 'agent':
      return ofPrincipal(receiver.owner);
    case 'principal':
      return ofPrincipal(receiver.id);
    case 'client':
      return ofClient(receiver.id);
  }
}

function ofPrincipal(id: string): string {
  return `principal:${id}`;
}

function ofClient(id: string): string {
  return `client:${id}`;
}
