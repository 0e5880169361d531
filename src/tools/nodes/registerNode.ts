import { z } from 'zod';
import { registerNode as register } from '../../engine/records/register.ts';
import { defineTool } from '../defineTool.ts';
import { amount } from '../recordFields.ts';
import { nodeName } from './nodeView.ts';

export const registerNode = defineTool({
  name: 'register_node',
  title: 'Register a node',
  description: `Writes down what a machine of the LAN can do; of one that is known, what is left out stays as it is.
It is active from its first node_heartbeat on. A new status, such as draining, is told as the event node_status.`,
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    node: nodeName,
    gpu: z.string().max(200).optional().describe('In words'),
    vram_gb: amount.optional().describe('Memory of the GPU, GB'),
    compute_tflops: amount.optional().describe('What it computes, TFLOPS'),
    ram_gb: amount.optional().describe('Memory, GB'),
    roles: z
      .array(z.string().min(1).max(200))
      .max(50)
      .optional()
      .describe('Such as training, inference, embeddings'),
    status: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Such as online; draining, maintenance and offline get no new requests'),
  }),
  output: z.object({ name: z.string(), status: z.string(), roles: z.array(z.string()) }),
  async handle({ node: name, ...given }, { engine }) {
    const { status, roles } = await register(engine.records, {
      name,
      ...(given.gpu !== undefined && { gpu: given.gpu }),
      ...(given.vram_gb !== undefined && { vramGb: given.vram_gb }),
      ...(given.compute_tflops !== undefined && { computeTflops: given.compute_tflops }),
      ...(given.ram_gb !== undefined && { ramGb: given.ram_gb }),
      ...(given.roles !== undefined && { roles: given.roles }),
      ...(given.status !== undefined && { status: given.status }),
    });
    return { name, status, roles: [...roles] };
  },
  summarize: ({ name, status, roles }) =>
    `${name} is registered as ${status}${roles.length === 0 ? '' : ` for ${roles.join(', ')}`}.`,
});
