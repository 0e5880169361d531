import assert from 'node:assert/strict';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { WebSocket } from 'ws';
import { httpToken } from '../../fixtures/httpToken.ts';
import { type ServeProcess, startServe } from '../../fixtures/startServe.ts';
import { until } from '../../fixtures/until.ts';

type Answer = Record<string, unknown>;
type Headers = Readonly<Record<string, string>>;

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const as = (client: string): Headers => ({ 'x-memory-client': client });

/** Who sends a request: `tool` calls one by REST, `mcp` by MCP under a name of its own choice. */
interface Sender {
  readonly headers: Headers;
  tool(name: string, input: object, headers?: Headers): Promise<Answer>;
  mcp(client: string, name: string, input: object): Promise<Answer>;
}

function sender(server: ServeProcess, token: string): Sender {
  const headers = bearer(token);
  return {
    headers,
    tool: (name, input, more = {}) => server.tool(name, input, { ...headers, ...more }),
    async mcp(name, tool, input) {
      await using client = await connected(server.mcp, name, headers);
      const { content, isError, structuredContent } = await client.callTool({
        name: tool,
        arguments: { ...input },
      });
      if (isError) throw new Error((content as { text: string }[])[0]!.text);
      return structuredContent as Answer;
    },
  };
}

async function connected(url: string, name: string, headers: Headers): Promise<Client & AsyncDisposable> {
  const client = new Client({ name, version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

/** As a client of 2026-07-28 sends it, which names itself in each request. */
async function stateless(
  server: ServeProcess,
  headers: Headers,
  client: string,
  name: string,
  input: object,
): Promise<string> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: client, version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const answer = await fetch(server.mcp, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': name },
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name, arguments: input, _meta },
    }),
  });
  return answer.text();
}

interface Opened extends AsyncDisposable {
  readonly server: ServeProcess;
  readonly owner: Sender;
  /** @param clients that its token is for */
  program(name: string, clients?: readonly string[]): Promise<Sender>;
}

async function open(env: Headers = {}): Promise<Opened> {
  const server = await startServe({ MEMORY_NAMESPACE: 'shop', ...env }, { auth: true });
  const owner = sender(server, await httpToken(server.data));
  return {
    server,
    owner,
    async program(name, clients) {
      const { token } = await owner.tool('create_token', { name, namespaces: ['shop'], clients });
      return sender(server, token as string);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe('whoever comes with a token', function () {
  this.timeout(120_000);

  it('goes by the clients that the token is for, whatever it calls itself', async () => {
    await using opened = await open();
    const { owner, server } = opened;
    const ada = await opened.program('ada', ['Codex-MCP-Client', 'gemini-cli']);
    const eve = await opened.program('eve');
    const { id } = await owner.tool('store_memory', { content: 'for codex', shared_with: ['codex'] });
    const get = ['retrieve_memory', { memory_id: id }] as const;
    assert.equal((await ada.tool(...get))['content'], 'for codex');
    assert.equal((await ada.mcp('codex-mcp-client', ...get))['content'], 'for codex');
    assert.match(await stateless(server, ada.headers, 'codex', ...get), /for codex/);
    await assert.rejects(ada.tool(...get, as('gemini-cli')), /404/);
    for (const other of ['claude-code', 'mcp', 'rest', ''])
      await assert.rejects(ada.tool(...get, as(other)), /403.*not for the client/s);
    await assert.rejects(ada.mcp('claude-code', ...get), /forbidden.*not for the client/);
    assert.match(await stateless(server, ada.headers, 'claude-code', ...get), /not for the client/);
    for (const name of ['codex', 'Codex-MCP-Client', 'token:codex']) {
      await assert.rejects(eve.tool(...get, as(name)), /404/);
      await assert.rejects(eve.mcp(name, ...get), /not_found/);
      assert.match(await stateless(server, eve.headers, name, ...get), /not_found/);
    }
    // This machine's user is one person, whichever client asks.
    assert.equal((await owner.tool(...get, as('codex')))['content'], 'for codex');
  });

  it('is sent and handed nothing that is for a client which it only calls itself', async () => {
    await using opened = await open();
    const { owner } = opened;
    const ada = await opened.program('ada', ['codex']);
    const eve = await opened.program('eve');
    await ada.tool('register_agent', { agent_id: 'ada-works' });
    // Of two agents of a client the one that was there last is handed the work.
    await eve.tool('register_agent', { agent_id: 'eve-works' }, as('codex'));
    await owner.tool('handoff', { to_agent: 'codex', note: 'half done' });
    await owner.tool('share_context_with_agent', { to_agent: 'codex', content: 'a word for codex' });
    const heard = async (who: Sender, headers?: Headers) =>
      JSON.stringify(await who.tool('get_shared_context', {}, headers));
    assert.match(await heard(ada), /half done/);
    assert.match(await heard(ada), /a word for codex/);
    assert.doesNotMatch(await heard(eve, as('codex')), /half done|a word/);
    const { agents } = (await owner.tool('list_agents', {})) as { agents: Answer[] };
    const clients = new Map(agents.map(one => [one['id'], one['client']]));
    assert.deepEqual([clients.get('ada-works'), clients.get('eve-works')], ['codex', 'token:codex']);
  });

  it('speaks for no agent, holds no task and is shown nothing private of another token', async () => {
    await using opened = await open();
    const { owner } = opened;
    const ada = await opened.program('ada', ['codex']);
    const eve = await opened.program('eve', ['codex']);
    const agent_id = 'worker';
    await ada.tool('register_agent', { agent_id });
    const { id: task_id } = await ada.tool('distribute_task', { title: 'work' });
    const claim = { agent_id, claim: true, task_ids: [task_id] };
    const { tasks } = (await ada.tool('get_pending_tasks', claim)) as { tasks: Answer[] };
    const { fence, lease_id } = tasks[0]!;
    const files = await ada.tool('claim_files', { agent_id, globs: ['src/**'] });
    const [{ id: claim_id, fence: filesFence }] = files['claims'] as [Answer];
    await owner.tool('share_context_with_agent', { to_agent: agent_id, content: 'for the worker' });
    const [context_id] = (
      (await ada.tool('get_shared_context', {})) as { contexts: { id: string }[] }
    ).contexts.map(({ id }) => id);
    const held = { task_id, fence, agent_id };
    const attempts: readonly (readonly [string, object])[] = [
      ['register_agent', { agent_id }],
      ['update_agent_heartbeat', { agent_id, status: 'idle' }],
      ['unregister_agent', { agent_id }],
      ['get_pending_tasks', { agent_id }],
      ['get_pending_tasks', { agent_id, claim: true }],
      ['get_shared_context', { agent_id }],
      ['share_context_with_agent', { from_agent: agent_id, to_agent: '*', content: 'x' }],
      ['claim_files', { agent_id, globs: ['docs/**'] }],
      ['claim_files', { agent_id, claim_id, fence: filesFence, release: true }],
      ['claim_files', { claim_id, fence: filesFence, release: true }],
      ['update_task', { ...held, progress: 50 }],
      ['update_task', { task_id, fence, progress: 50 }],
      ['complete_task', { ...held, result: {} }],
      ['complete_task', { task_id, fence, result: {} }],
      ['complete_task', { ...held, lease_id, result: {} }],
      ['fail_task', { ...held, error: 'x' }],
      ['handoff', { from_agent: agent_id, take: true }],
      ['revoke_shared_context', { context_id }],
    ];
    for (const [name, input] of attempts) {
      const told = `${name} ${JSON.stringify(input)}`;
      await assert.rejects(eve.tool(name, input), /: (403|404|409) /, told);
      await assert.rejects(
        eve.mcp('codex', name, input),
        /^Error: (forbidden|not_found|stale_lease|conflict)/,
        told,
      );
    }
    assert.deepEqual((await eve.tool('get_shared_context', {}))['contexts'], []);
    const [still] = ((await owner.tool('list_tasks', {})) as { tasks: Answer[] }).tasks;
    assert.deepEqual([still!['state'], still!['holder'], still!['fence']], ['leased', agent_id, fence]);
    await ada.tool('claim_files', { agent_id, claim_id, fence: filesFence, release: true });
    await ada.tool('complete_task', { ...held, lease_id, result: {} });
  });

  it('finds nothing private by session, user or agent, on whichever path', async () => {
    await using opened = await open();
    const { server } = opened;
    const ada = await opened.program('ada', ['codex']);
    const eve = await opened.program('eve', ['codex']);
    const ask = (who: Sender, method: string, path: string, body?: object) =>
      fetch(server.rest + path, {
        method,
        headers: { ...who.headers, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      }).then(answer => answer.text());
    const named = { session_id: 's1', user_id: 'ada', namespace: 'shop' };
    const record = { id: 'r1', text: 'of ada alone', ...named };
    await ask(ada, 'POST', '/v1/long-term-memory/', { memories: [record] });
    await ada.tool('update_memory', { memory_id: 'r1', visibility: 'private' });
    const found = async (who: Sender) => {
      const search = (filter: object) => ask(who, 'POST', '/v1/long-term-memory/search', filter);
      const within = { text: 'ada alone', namespace: { eq: 'shop' } };
      const answers = await Promise.all([
        who.tool('get_agent_memories', {}).then(answer => JSON.stringify(answer)),
        who.tool('semantic_search', { query: 'ada alone' }).then(answer => JSON.stringify(answer)),
        ask(who, 'GET', '/v1/long-term-memory/r1'),
        search({ ...within, session_id: { eq: 's1' } }),
        search({ ...within, user_id: { eq: 'ada' } }),
      ]);
      return answers.filter(answer => answer.includes('of ada alone')).length;
    };
    assert.deepEqual([await found(ada), await found(eve)], [5, 0]);
    await ask(eve, 'DELETE', '/v1/long-term-memory?memory_ids=r1');
    await ask(eve, 'PATCH', '/v1/long-term-memory/r1', { text: 'of eve' });
    await ask(eve, 'POST', '/v1/long-term-memory/', { memories: [{ ...record, text: 'of eve' }] });
    assert.equal((await ada.tool('retrieve_memory', { memory_id: 'r1' }))['content'], 'of ada alone');
  });

  it('hears of nothing private of another token, by streams and sockets', async () => {
    await using opened = await open();
    const { owner, server } = opened;
    const ada = await opened.program('ada', ['codex']);
    const eve = await opened.program('eve', ['codex']);
    const over = new AbortController();
    const events = `${server.rest}/v1/events`;
    const stream = await fetch(events, {
      headers: { ...eve.headers, ...as('codex'), accept: 'text/event-stream' },
      signal: over.signal,
    });
    const socket = new WebSocket(events.replace('http', 'ws'), {
      headers: { ...eve.headers, ...as('codex') },
    });
    const heard: string[] = [];
    const messages: string[] = [];
    socket.on('message', data => messages.push(String(data)));
    // The first says where it begins.
    await until(() => messages.length > 0);
    const { id } = await ada.tool('store_memory', { content: 'alone', visibility: 'private' });
    await ada.tool('register_agent', { agent_id: 'worker' });
    const sent = { to_agent: 'worker', content: 'for the worker' };
    const { id: context } = await owner.tool('share_context_with_agent', sent);
    const { id: last } = await owner.tool('store_memory', { content: 'for all' });
    const decoder = new TextDecoder();
    for await (const chunk of stream.body!) {
      heard.push(decoder.decode(chunk, { stream: true }));
      if (heard.join('').includes(last as string)) break;
    }
    over.abort();
    await until(() => messages.join('').includes(last as string));
    socket.terminate();
    for (const told of [heard.join(''), messages.join('')])
      for (const secret of [id, context]) assert.ok(!told.includes(secret as string), told);
  });

  it('cannot go on with the session of another token', async () => {
    await using opened = await open();
    const { server } = opened;
    const ada = await opened.program('ada', ['codex']);
    const eve = await opened.program('eve', ['codex']);
    const post = (headers: Headers, body: object) =>
      fetch(server.mcp, {
        method: 'POST',
        headers: {
          ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
      });
    const clientInfo = { name: 'codex', version: '1' };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    const begun = await post(ada.headers, { method: 'initialize', params });
    await begun.text();
    const session = { 'mcp-session-id': begun.headers.get('mcp-session-id')! };
    const list = { method: 'tools/call', params: { name: 'list_agents', arguments: {} } };
    const statuses = await Promise.all(
      [ada, eve].map(async ({ headers }) => {
        const answer = await post({ ...headers, ...session }, list);
        await answer.text();
        return answer.status;
      }),
    );
    assert.deepEqual(statuses, [200, 404]);
    const end = (headers: Headers) =>
      fetch(server.mcp, { method: 'DELETE', headers: { ...headers, ...session } });
    assert.equal((await end(eve.headers)).status, 404);
    assert.equal((await end(ada.headers)).status, 200);
  });
});
