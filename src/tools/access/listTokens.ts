import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { lines } from '../recordFields.ts';
import { tokenLine, tokenView, viewToken } from './tokenView.ts';

export const listTokens = defineTool({
  name: 'list_tokens',
  title: 'List tokens',
  description:
    'Tokens by name, with what each is for and when it was used last; the tokens themselves are nowhere kept.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({}),
  output: z.object({ tokens: z.array(tokenView) }),
  async handle(_, { engine }) {
    return { tokens: (await engine.tokens.list()).map(viewToken) };
  },
  summarize: ({ tokens }) => lines(tokens, tokenLine, 'There are no tokens.'),
});
