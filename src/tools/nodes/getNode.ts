import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { defineTool } from '../defineTool.ts';
import { nodeLine, nodeName, nodeView, viewNode } from './nodeView.ts';

export const getNode = defineTool({
  name: 'get_node',
  title: 'Get a node',
  description:
    'Returns what is known of one machine, also when it has no heartbeat or was retired. To see the active ones, use list_nodes.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ node: nodeName }),
  output: nodeView,
  async handle({ node: name }, { engine }) {
    const { nodes } = engine.records;
    const [node, active] = await Promise.all([nodes.get(name), nodes.active()]);
    const listed = active.find(one => one.name === name);
    if (!node && !listed)
      throw new MemoryError(
        'not_found',
        `There is no node "${name}".`,
        'Use list_nodes to see which are active.',
      );
    return viewNode(listed ?? { name, ...(node && { node }) });
  },
  summarize: nodeLine,
});
