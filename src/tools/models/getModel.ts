import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { defineTool } from '../defineTool.ts';
import { modelLine, modelName, modelView, viewModel } from './modelView.ts';

export const getModel = defineTool({
  name: 'get_model',
  title: 'Get a model',
  description:
    'Returns what is known of one model, which nodes run it now, and how much it was used. To see all, use list_models.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ model: modelName }),
  output: modelView.extend({ requests: z.number(), tokens_generated: z.number() }),
  async handle({ model: name }, { engine }) {
    const { models } = engine.records;
    const [model, active, usage] = await Promise.all([models.get(name), models.active(), models.usage(name)]);
    if (!model)
      throw new MemoryError(
        'not_found',
        `There is no model "${name}".`,
        'Use list_models to see which there are.',
      );
    return {
      ...viewModel(model, active),
      requests: usage.requests,
      tokens_generated: usage.tokensGenerated,
    };
  },
  summarize: model =>
    `${modelLine(model)}\n${model.requests} requests, ${model.tokens_generated} tokens generated`,
});
