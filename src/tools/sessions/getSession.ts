import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { defineTool } from '../defineTool.ts';
import { sessionId, sessionLine, sessionView, viewSession } from './sessionView.ts';

export const getSession = defineTool({
  name: 'get_session',
  title: 'Get a session',
  description:
    'Returns what was saved of one session: context, files, current task, last tool, machine. To find ids, use list_sessions.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ session_id: sessionId }),
  output: sessionView,
  async handle({ session_id }, { engine }) {
    const session = await engine.records.sessions.get(session_id);
    if (session) return viewSession(session);
    throw new MemoryError(
      'not_found',
      `There is no session "${session_id}": it was not saved in the last 7 days.`,
      'Use list_sessions to see which there are.',
    );
  },
  summarize: session =>
    [
      sessionLine(session),
      ...(session.last_tool === '' ? [] : [`last tool: ${session.last_tool}`]),
      ...(session.files.length === 0 ? [] : [`files: ${session.files.join(', ')}`]),
      ...(session.context === '' ? [] : ['', session.context]),
    ].join('\n'),
});
