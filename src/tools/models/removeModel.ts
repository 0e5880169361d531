import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { modelName } from './modelView.ts';

export const removeModel = defineTool({
  name: 'remove_model',
  title: 'Remove a model',
  description:
    'Forgets a model with its counts, and on every node that runs it. Nothing happens where there is none.',
  effect: 'destroys',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ model: modelName }),
  output: z.object({ name: z.string() }),
  async handle({ model }, { engine }) {
    await engine.records.models.remove(model);
    return { name: model };
  },
  summarize: ({ name }) => `There is no model ${name} any more.`,
});
