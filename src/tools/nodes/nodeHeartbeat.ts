import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { nodeName } from './nodeView.ts';

const share = z.number().min(0).max(100);

export const nodeHeartbeat = defineTool({
  name: 'node_heartbeat',
  title: 'Say that a node lives',
  description: `Says that a machine lives and how busy it is; it counts as live for 30 seconds, so say it every 10.
The first one is told as the event node_status, and so is the silence after the last.`,
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    node: nodeName,
    cpu: share.describe('Per cent'),
    gpu: share.default(0).describe('Per cent'),
    mem: share.describe('Per cent'),
  }),
  output: z.object({ name: z.string() }),
  async handle({ node, cpu, gpu, mem }, { engine }) {
    await engine.records.nodes.heartbeat(node, { cpu, gpu, mem });
    return { name: node };
  },
  summarize: ({ name }) => `${name} lives for 30 seconds from now.`,
});
