import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { lines } from '../recordFields.ts';
import { tokenLine, tokenName, tokenView, viewToken } from './tokenView.ts';

export const revokeToken = defineTool({
  name: 'revoke_token',
  title: 'Revoke a token',
  description:
    'Every token of a name, or one by its id, opens nothing any more: within seconds, on every instance.',
  effect: 'destroys',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ name: tokenName.describe('Its name or id') }),
  output: z.object({ revoked: z.array(tokenView) }),
  async handle({ name }, { engine }) {
    return { revoked: (await engine.tokens.revoke(name)).map(viewToken) };
  },
  summarize: ({ revoked }) => `Revoked:\n${lines(revoked, tokenLine, 'none')}`,
});
