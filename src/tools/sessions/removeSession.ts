import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { sessionId } from './sessionView.ts';

export const removeSession = defineTool({
  name: 'remove_session',
  title: 'Remove a session',
  description: 'Forgets one session before its 7 days are over. Nothing happens where there is none.',
  effect: 'destroys',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ session_id: sessionId }),
  output: z.object({ id: z.string() }),
  async handle({ session_id }, { engine }) {
    await engine.records.sessions.remove(session_id);
    return { id: session_id };
  },
  summarize: ({ id }) => `There is no session ${id} any more.`,
});
