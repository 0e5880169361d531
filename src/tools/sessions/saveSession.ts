import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { node, text } from '../recordFields.ts';
import { sessionId, username } from './sessionView.ts';

export const saveSession = defineTool({
  name: 'save_session',
  title: 'Save a session',
  description: `Keeps what an agent is doing for 7 days, so that work goes on in another window or on another machine.
Replaces what was saved under this id: a field that is left out is empty then. To read it, use get_session.`,
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    session_id: sessionId,
    context: text().describe('What is to be known to go on'),
    files: z.array(z.string().min(1).max(4096)).max(1000).default([]).describe('Paths, without commas'),
    current_task: text(10_000).describe('What is being done'),
    last_tool: text(200).describe('The tool that was used last'),
    node,
    username: username.describe('Lists it as this user’s, too'),
  }),
  output: z.object({ id: z.string() }),
  async handle({ session_id, files, username, ...input }, { engine }) {
    const session = {
      ...{ id: session_id, context: input.context, files, currentTask: input.current_task },
      ...{ lastTool: input.last_tool, node: input.node },
    };
    await engine.records.sessions.put(session, username);
    return { id: session_id };
  },
  summarize: ({ id }) => `Session ${id} is kept for 7 days from now.`,
});
