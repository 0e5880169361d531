import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { count, lines } from '../recordFields.ts';
import { sessionLine, sessionView, username, viewSession } from './sessionView.ts';

export const listSessions = defineTool({
  name: 'list_sessions',
  title: 'List sessions',
  description:
    'Returns the sessions of the last 7 days whole, last saved first; those of one user, or of all.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    limit: count(10).describe('At most so many'),
    username: username.describe('Only this user’s'),
  }),
  output: z.object({ sessions: z.array(sessionView) }),
  async handle({ limit, username }, { engine }) {
    return { sessions: (await engine.records.sessions.recent(limit, username)).map(viewSession) };
  },
  summarize: ({ sessions }) => lines(sessions, sessionLine, 'No sessions.'),
});
