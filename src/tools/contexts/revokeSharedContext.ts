import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from '../tasks/taskFields.ts';

export const revokeSharedContext = defineTool({
  name: 'revoke_shared_context',
  title: 'Revoke shared context',
  description: 'Takes back what you shared; at once nobody sees it any more.',
  effect: 'writes',
  set: 'agents',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({ context_id: own.id, namespace: field.writeNamespace }),
  advanced: ['namespace'],
  output: z.object({ context_id: z.string() }),
  async handle({ context_id, namespace }, { engine, caller }) {
    await engine.contexts.revoke(context_id, namespace, caller);
    return { context_id };
  },
  summarize: ({ context_id }) => `Revoked ${oneLine(context_id)}.`,
});
