import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { lines } from '../recordFields.ts';
import { modelLine, modelView, viewModel } from './modelView.ts';

export const listModels = defineTool({
  name: 'list_models',
  title: 'List models',
  description: 'Returns every model that was registered, by name, and which model each node runs now.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({}),
  output: z.object({
    models: z.array(modelView),
    active: z.record(z.string(), z.string()).describe('Model by node'),
  }),
  async handle(_, { engine }) {
    const [models, active] = await Promise.all([
      engine.records.models.list(),
      engine.records.models.active(),
    ]);
    return { models: models.map(model => viewModel(model, active)), active: Object.fromEntries(active) };
  },
  summarize: ({ models }) => lines(models, modelLine, 'No models.'),
});
