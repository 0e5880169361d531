import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import * as field from './fields.ts';

export const appendConversation = defineTool({
  name: 'append_conversation',
  title: 'Add to a conversation',
  description:
    'Adds a message to the history of a conversation, which is kept for 30 days after its last one, the newest 1,000 messages. read_conversation reads it.',
  effect: 'writes',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    conversation_id: field.key,
    role: z.string().min(1).max(100).describe('Such as user or assistant'),
    content: z.string().max(1_000_000),
  }),
  output: z.object({ stored: z.boolean() }),
  async handle({ conversation_id, role, content }, { engine }) {
    const message = { role, content, at: new Date().toISOString() };
    return { stored: await engine.caches.append('conversations', conversation_id, message) };
  },
  summarize: ({ stored }) => (stored ? 'Added.' : 'Not added: the cache does not take it now.'),
});
