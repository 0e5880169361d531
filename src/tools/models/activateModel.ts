import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { modelName } from './modelView.ts';

export const activateModel = defineTool({
  name: 'activate_model',
  title: 'Say which model a node runs',
  description: 'Says which model a node runs from now on; everybody is told as the event model_updated.',
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    node: z.string().min(1).max(200).describe('The machine'),
    model: modelName.optional().describe('Default: none, it runs no model any more'),
  }),
  output: z.object({ node: z.string(), model: z.string().nullable() }),
  async handle({ node, model }, { engine }) {
    await engine.records.models.activate(node, model);
    return { node, model: model ?? null };
  },
  summarize: ({ node, model }) => `${node} runs ${model ?? 'no model'} now.`,
});
