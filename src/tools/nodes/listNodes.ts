import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { lines } from '../recordFields.ts';
import { nodeLine, nodeView, viewNode } from './nodeView.ts';

export const listNodes = defineTool({
  name: 'list_nodes',
  title: 'List nodes',
  description:
    'Returns the machines that are active, by name, with their load and what they can do. A silent one is among them until it is retired. For sums, use cluster_health.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({}),
  output: z.object({ nodes: z.array(nodeView) }),
  async handle(_, { engine }) {
    return { nodes: (await engine.records.nodes.active()).map(viewNode) };
  },
  summarize: ({ nodes }) => lines(nodes, nodeLine, 'No active nodes.'),
});
