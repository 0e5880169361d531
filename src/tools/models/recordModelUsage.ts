import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { modelName } from './modelView.ts';

const MOST = 1_000_000_000;

export const recordModelUsage = defineTool({
  name: 'record_model_usage',
  title: 'Count the use of a model',
  description: 'Adds requests and generated tokens to the counts of a model. Returns the sums.',
  effect: 'writes',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    model: modelName,
    requests: z.number().int().min(0).max(MOST).default(1).describe('So many requests more'),
    tokens_generated: z.number().int().min(0).max(MOST).default(0).describe('So many tokens more'),
  }),
  output: z.object({ name: z.string(), requests: z.number(), tokens_generated: z.number() }),
  async handle({ model, requests, tokens_generated }, { engine }) {
    const { models } = engine.records;
    await models.addUsage(model, { requests, tokensGenerated: tokens_generated });
    const usage = await models.usage(model);
    return { name: model, requests: usage.requests, tokens_generated: usage.tokensGenerated };
  },
  summarize: ({ name, requests, tokens_generated }) =>
    `${name}: ${requests} requests, ${tokens_generated} tokens generated.`,
});
