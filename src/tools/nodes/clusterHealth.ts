import { z } from 'zod';
import { clusterHealth as healthOf } from '../../engine/records/clusterHealth.ts';
import { defineTool } from '../defineTool.ts';

export const clusterHealth = defineTool({
  name: 'cluster_health',
  title: 'Health of the machines',
  description:
    'Tells which machines live, which went silent, how many take each role, and how busy they are on average. For each by itself, use list_nodes.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({}),
  output: z.object({
    live: z.array(z.string()),
    silent: z.array(z.string()),
    roles: z.record(z.string(), z.number()),
    load: z.number().describe('Mean of the greatest load of each live one, per cent'),
  }),
  async handle(_, { engine }) {
    const { live, silent, roles, load } = healthOf(await engine.records.nodes.active());
    return { live: [...live], silent: [...silent], roles: { ...roles }, load };
  },
  summarize: ({ live, silent, roles, load }) =>
    [
      `live: ${live.join(', ') || 'none'}`,
      ...(silent.length > 0 ? [`silent: ${silent.join(', ')}`] : []),
      ...(live.length > 0 ? [`load: ${Math.round(load)} % on average`] : []),
      ...Object.entries(roles).map(([role, count]) => `${role}: ${count}`),
    ].join('\n'),
});
