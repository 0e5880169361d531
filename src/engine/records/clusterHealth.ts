import type { ActiveNode } from '../ports/nodeRegistry.ts';
import { busiest } from './routeToNode.ts';

export interface ClusterHealth {
  readonly live: readonly string[];
  /** Listed as active, without a heartbeat. */
  readonly silent: readonly string[];
  /** Of the live ones, how many take each role. */
  readonly roles: Readonly<Record<string, number>>;
  /** Mean of how busy the live ones are, per cent; 0 when none lives. */
  readonly load: number;
}

/** How the machines are, by their heartbeats. */
export function clusterHealth(nodes: readonly ActiveNode[]): ClusterHealth {
  const live = nodes.filter(({ load }) => load !== undefined);
  const roles: Record<string, number> = {};
  for (const role of live.flatMap(({ node }) => node?.roles ?? [])) roles[role] = (roles[role] ?? 0) + 1;
  const total = live.reduce((sum, { load }) => sum + busiest(load!), 0);
  return {
    live: live.map(({ name }) => name),
    silent: nodes.filter(({ load }) => load === undefined).map(({ name }) => name),
    roles,
    load: live.length === 0 ? 0 : total / live.length,
  };
}
