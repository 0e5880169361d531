import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { routeToNode } from '../../engine/records/routeToNode.ts';
import { defineTool } from '../defineTool.ts';
import { amount } from '../recordFields.ts';
import { nodeLine, nodeView, viewNode } from './nodeView.ts';

export const routeRequest = defineTool({
  name: 'route_request',
  title: 'Choose a node for a request',
  description: `Returns the least busy of the live machines that can do what is needed: the one whose greatest load is least.
Those that are draining, in maintenance or offline are left out; not_found when none is left.`,
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    role: z.string().min(1).max(200).optional().describe('Such as inference'),
    min_vram_gb: amount.optional().describe('At least so much memory of the GPU, GB'),
    min_ram_gb: amount.optional().describe('At least so much memory, GB'),
  }),
  output: nodeView,
  async handle({ role, min_vram_gb, min_ram_gb }, { engine }) {
    const nodes = await engine.records.nodes.active();
    const name = routeToNode(nodes, {
      ...(role !== undefined && { role }),
      ...(min_vram_gb !== undefined && { minVramGb: min_vram_gb }),
      ...(min_ram_gb !== undefined && { minRamGb: min_ram_gb }),
    });
    const chosen = nodes.find(node => node.name === name);
    if (chosen) return viewNode(chosen);
    throw new MemoryError(
      'not_found',
      'No live node can do that.',
      'Use list_nodes to see which are there and what they can do, or ask for less.',
    );
  },
  summarize: nodeLine,
});
