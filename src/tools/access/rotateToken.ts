import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { madeText, tokenName, tokenView, viewToken } from './tokenView.ts';

export const rotateToken = defineTool({
  name: 'rotate_token',
  title: 'Replace a token',
  description:
    'Makes a new token of the same name, rights and life. The old one opens nothing from now on, or after a while, in which whoever sends it takes the new one.',
  effect: 'writes',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  answersSecret: true,
  input: z.strictObject({
    name: tokenName.describe('Of the token'),
    grace_seconds: z
      .number()
      .int()
      .min(0)
      .max(2_592_000)
      .default(0)
      .describe('The old one ends so much later'),
  }),
  output: tokenView.extend({ token: z.string() }),
  async handle({ name, grace_seconds }, { engine }) {
    const { record, text } = await engine.tokens.rotate(name, grace_seconds * 1000);
    return { ...viewToken(record), token: text };
  },
  summarize: madeText,
});
