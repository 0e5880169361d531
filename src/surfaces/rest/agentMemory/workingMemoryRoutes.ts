import { Hono } from 'hono';
import { z } from 'zod';
import { fitting } from '../../../engine/workingMemory/tokens.ts';
import type { RestEnv } from '../restDeps.ts';
import type { AgentMemory } from './agentMemory.ts';
import { windowOf } from './modelWindows.ts';
import { named, whole } from './querySchema.ts';
import { RequestError, readBody, readPart } from './requestError.ts';
import {
  readWorkingMemory,
  type WorkingMemoryRequest,
  workingMemorySchema,
  writeWorkingMemory,
} from './workingMemoryWire.ts';

const where = { namespace: named, user_id: named };
const room = { model_name: named, context_window_max: whole.optional() };
const listQuery = z.object({
  ...where,
  limit: whole.pipe(z.number().min(1).max(100)).default(20),
  offset: whole.pipe(z.number().min(0)).default(0),
});
const getQuery = z.object({ ...where, ...room, recent_messages_limit: whole.optional() });
const putQuery = z.object({ ...where, ...room });

const UNDATED =
  'messages[].created_at will become required in the next major version. Please provide timestamps for all messages.';

/** What conversations hold: `/v1/working-memory`. */
export function workingMemoryRoutes(memory: () => Promise<AgentMemory>): Hono<RestEnv> {
  const app = new Hono<RestEnv>();

  for (const path of ['/v1/working-memory/', '/v1/working-memory'])
    app.get(path, async c => {
      const { limit, namespace, offset, user_id } = readPart(listQuery, c.req.query(), 'query');
      const { working } = await memory();
      return c.json(await working.list({ namespace, user: user_id }, { limit, offset }, c.get('caller')));
    });

  app.get('/v1/working-memory/:session', async c => {
    const { session } = c.req.param();
    const query = readPart(getQuery, c.req.query(), 'query');
    const { now, options, working } = await memory();
    const asked = { session, namespace: query.namespace, user: query.user_id };
    const found = await working.get(asked, c.get('caller'));
    const window = windowOf(query.model_name, query.context_window_max);
    if (!found && options.unknownSession === 'not_found')
      throw new RequestError(404, `Session ${session} not found`);
    if (!found) {
      const empty = workingMemorySchema(now).parse({ data: {}, namespace: query.namespace });
      const none = readWorkingMemory(session, query.user_id, empty, now());
      return c.json({ ...writeWorkingMemory(none, window), new_session: true, unsaved: true });
    }
    const { recent_messages_limit: newest } = query;
    const recent =
      newest === undefined || newest <= 0
        ? found.messages
        : found.messages.toSorted((a, b) => a.createdAt - b.createdAt).slice(-newest);
    const messages = window === undefined ? recent : fitting(recent, window);
    return c.json(writeWorkingMemory({ ...found, messages, data: found.data ?? {} }, window));
  });

  app.put('/v1/working-memory/:session', async c => {
    const { session } = c.req.param();
    const query = readPart(putQuery, c.req.query(), 'query');
    const { now, working } = await memory();
    const asked = await readBody(c, workingMemorySchema(now));
    demandContents(asked);
    if (asked.messages.some(({ dated }) => !dated)) c.header('X-Deprecation-Warning', UNDATED);
    const given = readWorkingMemory(session, query.user_id, asked, now());
    const kept = await working.put(given, c.get('caller'));
    return c.json(writeWorkingMemory(kept, windowOf(query.model_name, query.context_window_max)));
  });

  app.delete('/v1/working-memory/:session', async c => {
    const { namespace, user_id } = readPart(z.object(where), c.req.query(), 'query');
    const { working } = await memory();
    await working.remove({ session: c.req.param('session'), namespace, user: user_id }, c.get('caller'));
    return c.json({ status: 'ok' });
  });

  return app;
}

function demandContents({ messages }: WorkingMemoryRequest): void {
  const empty = messages.find(({ content }) => content.trim() === '');
  if (empty) throw new RequestError(400, `Message content cannot be empty (message ID: ${empty.id})`);
}
