import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import * as field from './fields.ts';

const message = z.object({ role: z.string(), content: z.string(), at: z.string() });

export const readConversation = defineTool({
  name: 'read_conversation',
  title: 'Read a conversation',
  description:
    'Returns the newest messages of a conversation, oldest first; an empty list when there is none.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    conversation_id: field.key,
    limit: z.number().int().min(1).max(1_000).default(50).describe('Messages'),
  }),
  output: z.object({ messages: z.array(message) }),
  async handle({ conversation_id, limit }, { engine }) {
    const items = await engine.caches.items('conversations', conversation_id, limit);
    // Other programs write there, too.
    return { messages: items.flatMap(item => message.safeParse(item).data ?? []) };
  },
  summarize: ({ messages }) =>
    messages.map(({ role, content }) => `${role}: ${content}`).join('\n') || 'No such conversation.',
});
