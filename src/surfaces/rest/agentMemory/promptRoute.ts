import { Hono } from 'hono';
import { z } from 'zod';
import { fitting } from '../../../engine/workingMemory/tokens.ts';
import type { RestEnv } from '../restDeps.ts';
import type { AgentMemory } from './agentMemory.ts';
import { windowOf } from './modelWindows.ts';
import { whole } from './querySchema.ts';
import { writeFound } from './recordWire.ts';
import { RequestError, readBody } from './requestError.ts';
import { searchOf, searchRequest } from './searchSchema.ts';

const text = z.string().nullish();
const promptBody = z.object({
  query: z.string(),
  session: z
    .object({
      session_id: z.string(),
      ...{ namespace: text, user_id: text, model_name: text, context_window_max: whole.nullish() },
    })
    .nullish(),
  long_term_search: z.union([z.boolean(), searchRequest]).nullish(),
});
type Asked = z.output<typeof promptBody>;
type Session = NonNullable<Asked['session']>;

/** How many memories come where the client does not say. */
const USUAL = 20;

/** `/v1/memory/prompt`: a question together with what is remembered about it, ready for a language model. */
export function promptRoute(memory: () => Promise<AgentMemory>): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  app.post('/v1/memory/prompt', async c => {
    const asked = await readBody(c, promptBody);
    const { long_term_search: search, query, session } = asked;
    if (!session && !search)
      throw new RequestError(400, 'Either session or long_term_search must be provided');
    const { longTerm, working } = await memory();
    const caller = c.get('caller');
    const said = session ? await messagesOf(session, where => working.get(where, caller)) : [];
    const wanted = search ? searchFor(search, asked) : undefined;
    const answer = wanted && (await longTerm.search(searchOf(wanted), caller, c.req.raw.signal));
    const found = answer?.found.map(one => writeFound(one, wanted!.search_mode));
    return c.json({
      messages: [...said, ...(found ? [message('system', remembered(found))] : []), message('user', query)],
      long_term_memories: found && found.length > 0 ? found : null,
    });
  });
  return app;
}

async function messagesOf(
  session: Session,
  get: (where: {
    session: string;
    namespace: string | undefined;
    user: string | undefined;
  }) => ReturnType<AgentMemory['working']['get']>,
) {
  const { context_window_max: most, model_name: model, namespace, session_id, user_id } = session;
  const found = await get({
    session: session_id,
    namespace: namespace || undefined,
    user: user_id || undefined,
  });
  if (!found) return [];
  const window = windowOf(model || undefined, most ?? undefined);
  const messages = window === undefined ? found.messages : fitting(found.messages, window);
  const { context } = found;
  return [
    ...(context ? [message('system', `## A summary of the conversation so far:\n${context}`)] : []),
    ...messages.map(({ content, role }) => message(role === 'user' ? 'user' : 'assistant', content)),
  ];
}

/** The search is about the question, and of the conversation's user. */
function searchFor(search: NonNullable<Asked['long_term_search']>, { query, session }: Asked) {
  const user = session?.user_id ? { user_id: { eq: session.user_id } } : {};
  // What the conversation itself holds is in the prompt already.
  const others = session ? { session_id: { ne: session.session_id } } : {};
  const namespace = session?.namespace ? { namespace: { eq: session.namespace } } : {};
  if (search === true || search === false)
    return { ...searchRequest.parse({ limit: USUAL }), ...user, ...others, ...namespace, text: query };
  return { ...search, ...(search.user_id ? {} : user), text: query };
}

function remembered(found: readonly { readonly id: string; readonly text: string }[]): string {
  const lines = found.map(one => `- ${one.text} (ID: ${one.id})`).join('\n');
  return `## Long term memories related to the user's query\n ${lines || 'No relevant long-term memories found.'}`;
}

function message(role: 'system' | 'user' | 'assistant', words: string) {
  return { role, content: { type: 'text', text: words } };
}
