import { z } from 'zod';
import { registerModel as register } from '../../engine/records/register.ts';
import { defineTool } from '../defineTool.ts';
import { amount } from '../recordFields.ts';
import { modelName } from './modelView.ts';

export const registerModel = defineTool({
  name: 'register_model',
  title: 'Register a model',
  description: `Writes down that a node can run a model; of a model that is known, what is left out stays as it is.
With active the node runs it from now on, which everybody is told as the event model_updated.`,
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    model: modelName,
    node: z.string().min(1).max(200).optional().describe('The machine'),
    size_gb: amount.optional().describe('Its size, GB'),
    quantization: z.string().max(200).optional().describe('Such as Q4_K_M'),
    context_length: z.number().int().min(0).optional().describe('Tokens'),
    performance: z.string().max(1000).optional().describe('In words, such as "45 tokens/s"'),
    active: z.boolean().default(false).describe('The node runs it from now on'),
  }),
  output: z.object({ name: z.string(), node: z.string(), active: z.boolean() }),
  async handle({ model, active, ...given }, { engine }) {
    const facts = {
      name: model,
      ...(given.node !== undefined && { node: given.node }),
      ...(given.size_gb !== undefined && { sizeGb: given.size_gb }),
      ...(given.quantization !== undefined && { quantization: given.quantization }),
      ...(given.context_length !== undefined && { contextLength: given.context_length }),
      ...(given.performance !== undefined && { performance: given.performance }),
    };
    const { node } = await register(engine.records.models, facts, active);
    return { name: model, node, active };
  },
  summarize: ({ name, node, active }) =>
    `${name} is registered${node === '' ? '' : ` on ${node}`}${active ? ', which runs it now' : ''}.`,
});
