import { mayRead } from '../contexts/mayRead.ts';
import type { Viewer } from '../model/caller.ts';
import type { BusEvent } from '../ports/eventBus.ts';

/**
 * Whether the viewer may know of an event: the one place that says it. Those of the machines are everybody's who may see all namespaces.
 * @param namespaces undefined: all
 */
export function mayKnow(event: BusEvent, viewer: Viewer, namespaces: readonly string[] | undefined): boolean {
  const { namespaces: bound } = viewer;
  if (!('namespace' in event)) return bound === undefined;
  if (bound && !bound.includes(event.namespace)) return false;
  if (namespaces && !namespaces.includes(event.namespace)) return false;
  return event.audience === undefined || mayRead(event.audience, viewer);
}
