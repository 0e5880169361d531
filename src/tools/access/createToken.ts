import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { madeText, scope, tokenName, tokenView, viewToken } from './tokenView.ts';

export const createToken = defineTool({
  name: 'create_token',
  title: 'Create a token',
  description:
    'Makes a token with which a program may use the server over the network, within these scopes and namespaces, as these clients. It is shown this once; only its hash is kept. rotate_token replaces it.',
  effect: 'writes',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  answersSecret: true,
  input: z.strictObject({
    name: tokenName.describe('Who sends it, such as ci; what is stored with it belongs to that name'),
    scopes: z.array(scope).min(1).default(['read', 'write', 'tasks']).describe('What it is for'),
    namespaces: z.array(z.string()).min(1).max(100).optional().describe('Which it reaches; default: all'),
    clients: z
      .array(z.string())
      .min(1)
      .max(100)
      .optional()
      .describe(
        'Clients that send it, such as claude-code; default: any, and what is for a client is not for them',
      ),
    expires_in_days: z.number().int().min(0).max(36_500).default(365).describe('0: it never expires'),
  }),
  output: tokenView.extend({ token: z.string() }),
  async handle({ name, scopes, namespaces, clients, expires_in_days }, { engine }) {
    const rights = {
      scopes: [...new Set(scopes)],
      ...(namespaces && { namespaces: [...new Set(namespaces)] }),
      ...(clients && { clients }),
    };
    const days = expires_in_days === 0 ? undefined : expires_in_days;
    const { record, text } = await engine.tokens.create({ name, rights, days });
    return { ...viewToken(record), token: text };
  },
  summarize: madeText,
});
