import type { Viewer } from '../model/caller.ts';
import type { SharedContext } from '../model/context.ts';

/** Whether it is shared with the viewer: the one place that says it. The agent that a context is for may be any session of its principal. */
export function receives({ to }: Pick<SharedContext, 'to'>, viewer: Viewer): boolean {
  return to.some(
    receiver =>
      receiver.kind === 'everyone' ||
      (receiver.kind === 'agent' && receiver.owner === viewer.principal) ||
      (receiver.kind === 'principal' && receiver.id === viewer.principal) ||
      (receiver.kind === 'client' && receiver.id === viewer.client),
  );
}

/** Its sharer and its receivers may. */
export function mayRead(context: Pick<SharedContext, 'to' | 'owner'>, viewer: Viewer): boolean {
  return context.owner === viewer.principal || receives(context, viewer);
}
