import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { nodeName } from './nodeView.ts';

export const retireNode = defineTool({
  name: 'retire_node',
  title: 'Retire a node',
  description: `Takes a machine out of the active ones, in order: it is offline until its next node_heartbeat.
Everybody is told as the event node_status. What it can do stays known.`,
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ node: nodeName }),
  output: z.object({ name: z.string() }),
  async handle({ node }, { engine }) {
    await engine.records.nodes.retire(node);
    return { name: node };
  },
  summarize: ({ name }) => `${name} is not active any more.`,
});
