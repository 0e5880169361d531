import type { ActiveNode, NodeLoad } from '../ports/nodeRegistry.ts';

/** Nodes that say one of these take no new work. */
const CLOSED = new Set(['offline', 'draining', 'maintenance']);

/** What a request needs; each condition that is given must hold. */
export interface NodeNeed {
  /** Such as `inference`. */
  readonly role?: string;
  readonly minVramGb?: number;
  readonly minRamGb?: number;
}

/**
 * The least loaded of the nodes that live, are open and can do it; ties by name, so that answers repeat.
 * @returns its name; undefined when there is none
 */
export function routeToNode(nodes: readonly ActiveNode[], need: NodeNeed = {}): string | undefined {
  const able = nodes.flatMap(({ name, node, load }) => {
    const can =
      node !== undefined &&
      !CLOSED.has(node.status) &&
      (need.role === undefined || node.roles.includes(need.role)) &&
      node.vramGb >= (need.minVramGb ?? 0) &&
      node.ramGb >= (need.minRamGb ?? 0);
    return can && load !== undefined ? [{ name, busy: busiest(load) }] : [];
  });
  return able.sort((a, b) => a.busy - b.busy || (a.name < b.name ? -1 : 1))[0]?.name;
}

/** A node is as busy as the scarcest of what it has: per cent. */
export function busiest({ cpu, gpu, mem }: NodeLoad): number {
  return Math.max(cpu, gpu, mem);
}
