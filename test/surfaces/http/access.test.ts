import assert from 'node:assert/strict';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { httpToken } from '../../fixtures/httpToken.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { type ServeProcess, startServe } from '../../fixtures/startServe.ts';
import { startTokenIssuer } from '../../fixtures/tokenIssuer.ts';
import { until } from '../../fixtures/until.ts';

type Answer = Record<string, unknown>;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const INITIALIZE = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'probe', version: '1' } },
};

/** The token of this machine's user. */
function ownToken({ data }: ServeProcess): Promise<string> {
  return httpToken(data);
}

async function made(server: ServeProcess, input: object): Promise<string> {
  const { token } = await server.tool('create_token', input, bearer(await ownToken(server)));
  return token as string;
}

function statusOf(server: ServeProcess, token?: string): Promise<number> {
  const headers = { 'content-type': 'application/json', ...(token !== undefined && bearer(token)) };
  const url = `${server.rest}/v1/tools/get_agent_memories`;
  return fetch(url, { method: 'POST', headers, body: '{}' }).then(async answer => {
    await answer.arrayBuffer();
    return answer.status;
  });
}

function post(url: string, body: object, token?: string, session?: string): Promise<Response> {
  const headers = {
    ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    ...(token !== undefined && bearer(token)),
    ...(session !== undefined && { 'mcp-session-id': session }),
  };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('memory-central serve, for programs with tokens', function () {
  this.timeout(120_000);

  it('lets each in with its rights, as a principal of its own, and tells no log', async () => {
    await using server = await startServe({ MEMORY_LOG_LEVEL: 'debug' }, { auth: true });
    const own = await ownToken(server);
    const [shop, reader] = [
      await made(server, { name: 'shop', namespaces: ['shop'] }),
      await made(server, { name: 'reader', scopes: ['read'], namespaces: ['lab', 'shop'] }),
    ];
    assert.equal(await statusOf(server), 401);
    for (const token of [own, shop, reader]) assert.equal(await statusOf(server, token), 200);
    const secret = { content: 'of the shop alone', visibility: 'private' };
    const { id, namespace } = await server.tool('store_memory', secret, bearer(shop));
    assert.equal(namespace, 'shop');
    const get = (token: string) => server.tool('retrieve_memory', { memory_id: id }, bearer(token));
    assert.equal((await get(shop))['content'], secret.content);
    await assert.rejects(get(reader), /404/);
    await assert.rejects(get(own), /404/);
    await assert.rejects(server.tool('store_memory', secret, bearer(reader)), /403.*scope/s);
    const { id: lab } = await server.tool(
      'store_memory',
      { content: 'of the lab', namespace: 'lab' },
      bearer(own),
    );
    await assert.rejects(server.tool('retrieve_memory', { memory_id: lab }, bearer(shop)), /404/);
    await assert.rejects(server.tool('create_token', { name: 'more' }, bearer(shop)), /403/);
    // Over MCP the same, and what the token lacks is said as OAuth has it.
    await using client = await connected(server.mcp, shop);
    const listed = await client.callTool({ name: 'get_agent_memories', arguments: { namespace: '*' } });
    assert.equal((listed.structuredContent as { total: number }).total, 1);
    const call = {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'store_memory', arguments: {} },
    };
    const refused = await post(server.mcp, call, reader);
    assert.equal(refused.status, 403);
    assert.match(refused.headers.get('www-authenticate')!, /error="insufficient_scope".*scope="write"/);
    for (const token of [own, shop, reader]) assert.ok(!server.log.includes(token));
    assert.match(server.log, /get_agent_memories/);
  });

  it('tells whoever tries wrong tokens to wait, and nobody else', async () => {
    await using server = await startServe({ MEMORY_AUTH_FAILURES_PER_MINUTE: '3' }, { auth: true });
    const own = await ownToken(server);
    const wrong = `mc_${'0'.repeat(12)}_${'A'.repeat(43)}`;
    for (let i = 0; i < 3; i++) assert.equal(await statusOf(server, wrong), 401);
    const waits = await fetch(`${server.rest}/v1/tools/memory_stats`, {
      method: 'POST',
      headers: bearer(wrong),
    });
    assert.equal(waits.status, 429);
    assert.ok(Number(waits.headers.get('retry-after')) >= 1);
    assert.equal(await statusOf(server, own), 200);
  });

  it('turns a revoked token away on every instance, and ends what it was listening to', async () => {
    await using redis = await startRedis();
    const env = { REDIS_URL: redis.url };
    await using one = await startServe(env, { auth: true });
    await using other = await startServe(env, { auth: true });
    const token = await made(one, { name: 'ci', namespaces: ['shop'] });
    assert.deepEqual([await statusOf(one, token), await statusOf(other, token)], [200, 200]);
    const opened = await post(other.mcp, INITIALIZE, token);
    const session = opened.headers.get('mcp-session-id')!;
    const stream = await fetch(other.mcp, {
      headers: { ...bearer(token), accept: 'text/event-stream', 'mcp-session-id': session },
    });
    assert.equal(stream.status, 200);
    let ended = false;
    void stream.text().then(
      () => (ended = true),
      () => (ended = true),
    );
    await one.tool('revoke_token', { name: 'ci' }, bearer(await ownToken(one)));
    assert.equal(await statusOf(one, token), 401);
    await until(async () => (await statusOf(other, token)) === 401);
    await until(() => ended);
  });

  it('takes the tokens of an authorization server, and tells where they come from', async () => {
    await using issuer = await startTokenIssuer();
    await using server = await startServe(
      {
        ...{ MEMORY_AUTH_ISSUER: issuer.issuer, MEMORY_AUTH_AUDIENCE: 'memory', MEMORY_LOG_LEVEL: 'debug' },
        ...{ MEMORY_AUTH_ALGORITHMS: 'ES256', MEMORY_AUTH_NAMESPACES_CLAIM: 'memory_namespaces' },
        MEMORY_AUTH_CLIENTS_CLAIM: 'azp',
      },
      { auth: true },
    );
    const challenged = await post(server.mcp, INITIALIZE);
    assert.equal(challenged.status, 401);
    const [, address] = /resource_metadata="([^"]+)"/.exec(challenged.headers.get('www-authenticate')!)!;
    assert.equal(address, server.mcp.replace('/mcp', '/.well-known/oauth-protected-resource/mcp'));
    const metadata = (await (await fetch(address!)).json()) as Answer;
    assert.deepEqual(
      [metadata['resource'], metadata['authorization_servers']],
      [server.mcp, [issuer.issuer]],
    );
    const ofRest = await fetch(`${server.rest}/.well-known/oauth-protected-resource`);
    assert.equal(((await ofRest.json()) as Answer)['resource'], server.rest);
    const token = await issuer.sign({ scope: 'openid read write', memory_namespaces: ['lab'] });
    const { namespace } = await server.tool('store_memory', { content: 'signed' }, bearer(token));
    assert.equal(namespace, 'lab');
    await using client = await connected(server.mcp, token);
    const { structuredContent } = await client.callTool({
      name: 'memory_stats',
      arguments: { namespace: '*' },
    });
    assert.deepEqual((structuredContent as { by_namespace: Answer }).by_namespace, { lab: 1 });
    const [operation] = (
      await server.tool('memory_history', { namespace: '*' }, bearer(await ownToken(server)))
    )['operations'] as { by: string }[];
    assert.match(operation!.by, /^jwt:ada@127\.0\.0\.1:\d+\/rest$/);
    // Another subject, nothing claimed.
    const bare = await issuer.sign({ scope: 'read', sub: 'x/../ada' });
    assert.deepEqual((await server.tool('get_agent_memories', {}, bearer(bare)))['memories'], []);
    assert.equal(await statusOf(server, await issuer.sign({ aud: 'elsewhere' })), 401);
    for (const sub of ['', '\ud800', 5 as never])
      assert.equal(await statusOf(server, await issuer.sign({ scope: 'read', sub })), 401, `as ${sub}`);
    // The issuer vouches for the client.
    const own = bearer(await ownToken(server));
    const given = { content: 'for codex', shared_with: ['codex'], namespace: 'lab' };
    const { id } = await server.tool('store_memory', given, own);
    const azp = await issuer.sign({ scope: 'read', memory_namespaces: 'lab', azp: 'Codex' });
    const get = (sent: string, client: string) =>
      server.tool('retrieve_memory', { memory_id: id }, { ...bearer(sent), 'x-memory-client': client });
    assert.equal((await get(azp, 'codex'))['content'], 'for codex');
    await assert.rejects(get(azp, 'claude-code'), /403.*not for the client/s);
    await assert.rejects(get(token, 'codex'), /404/);
    // A session goes on with the rights that it began with, and with no others.
    const begun = await post(server.mcp, INITIALIZE, token);
    await begun.text();
    const session = begun.headers.get('mcp-session-id')!;
    const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
    const goesOn = async (sent: string) => {
      const answer = await post(server.mcp, list, sent, session);
      await answer.text();
      return answer.status;
    };
    assert.deepEqual([await goesOn(token), await goesOn(azp)], [200, 404]);
    for (const sent of [token, bare, azp]) assert.ok(!server.log.includes(sent));
  });

  it('listens to other machines with tokens only, unless a setting lifts that', async () => {
    const outside = { MCP_HOST: '0.0.0.0', API_HOST: '0.0.0.0' };
    await assert.rejects(startServe(outside), /open to other machines/);
    await using guarded = await startServe(outside, { auth: true });
    const here = (server: ServeProcess) => ({ ...server, rest: server.rest.replace('0.0.0.0', '127.0.0.1') });
    assert.equal(await statusOf(here(guarded)), 401);
    assert.equal(await statusOf(here(guarded), await ownToken(guarded)), 200);
    await using open = await startServe({ ...outside, MEMORY_AUTH_REQUIRED: 'false' }, { auth: true });
    assert.equal(await statusOf(here(open)), 200);
  });
});

async function connected(url: string, token: string): Promise<Client & AsyncDisposable> {
  const client = new Client({ name: 'rest', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: bearer(token) } }),
  );
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}
