import assert from 'node:assert/strict';
import { request } from 'node:http';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { MemoryError } from '../../../src/engine/errors.ts';
import { requestRate } from '../../../src/surfaces/http/requestRate.ts';
import { startHttpServer } from '../../../src/surfaces/mcp/httpServer.ts';
import { callToolsOn } from '../../../src/tools/callTool.ts';
import { claude } from '../../fixtures/callers.ts';
import { httpMemory } from '../../fixtures/httpMemory.ts';
import { silent } from '../../fixtures/logger.ts';
import { callTool, clientOf, ERAS } from '../../fixtures/mcpClient.ts';
import { until } from '../../fixtures/until.ts';

const TOKEN = 'a-token-of-this-user';
const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

/** Node's own fetch does not let Host be set. */
function post(
  url: string,
  headers: Record<string, string>,
  body: string | Buffer = PING,
  options: { readonly method?: string; readonly path?: string } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
        ...options,
      },
      response => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', reject).end(body);
  });
}

const never = { call: callToolsOn(async () => assert.fail()), engine: async () => assert.fail() };

describe('the HTTP server', function () {
  this.timeout(60_000);

  for (const era of ERAS) {
    it(`serves a client of ${era}, with the address naming the namespace`, async () => {
      await using memory = await httpMemory({ token: TOKEN });
      const client = clientOf(era);
      await client.connect(memory.transport('github.com/ada/engine'));
      const stored = await callTool(client, 'store_memory', { content: 'Deploys run on Fridays' });
      assert.equal(stored['namespace'], 'github.com/ada/engine');
      const uri = `memory://github.com%2Fada%2Fengine/${stored['id']}`;
      const { contents } = await client.readResource({ uri });
      assert.equal((contents[0]! as { text: string }).text, 'Deploys run on Fridays');
      await assert.rejects(client.readResource({ uri: 'memory://global/none' }), /not_found/);
      await assert.rejects(client.readResource({ uri: 'file:///etc/passwd' }), /invalid_input/);
      const { resources } = await client.listResources();
      assert.deepEqual(
        resources.map(resource => resource.uri),
        [
          ...['memory://recent', uri],
          ...['tasks', 'agents', 'contexts'].map(
            kind => `memory-central://${kind}/github.com%2Fada%2Fengine`,
          ),
        ],
      );
      await client.close();
    });

    it(`tells a client of ${era} what changed among the resources it watches`, async () => {
      await using memory = await httpMemory();
      const client = clientOf(era);
      const updated: string[] = [];
      client.setNotificationHandler(
        'notifications/resources/updated',
        ({ params }) => void updated.push(params.uri),
      );
      await client.connect(memory.transport());
      const { id } = await callTool(client, 'store_memory', { content: 'one' });
      const uri = `memory://global/${id}`;
      if (era === '2025-11-25') await client.subscribeResource({ uri });
      else await client.listen({ resourceSubscriptions: [uri] });
      // The stream of a session opens on its own; so the change is repeated until it was heard of.
      for (let i = 0; updated.length === 0; i++) {
        await callTool(client, 'store_memory', { content: `other ${i}` });
        await callTool(client, 'update_memory', { memory_id: id, content: `changed ${i}` });
        await new Promise(resolve => setTimeout(resolve, 100));
      }
      assert.deepEqual(new Set(updated), new Set([uri]));
      await client.close();
    });

    it(`completes names and hands out prompts to a client of ${era}`, async () => {
      await using memory = await httpMemory();
      const client = clientOf(era);
      await client.connect(memory.transport('shop'));
      const { id } = await callTool(client, 'store_memory', { content: 'x', tags: ['build', 'test'] });
      const template = { type: 'ref/resource', uri: 'memory://{namespace}/{id}' } as const;
      const complete = async (ref: unknown, name: string, value: string) =>
        (await client.complete({ ref, argument: { name, value } } as never)).completion.values;
      assert.deepEqual(await complete(template, 'namespace', 's'), ['shop']);
      assert.deepEqual(await complete(template, 'id', String(id).slice(0, 8)), [id]);
      const prompt = { type: 'ref/prompt', name: 'save_what_was_learnt' };
      assert.deepEqual(await complete(prompt, 'topic', 'b'), ['build']);
      const { messages } = await client.getPrompt({
        name: 'recall_before_work',
        arguments: { task: 'mend the build' },
      });
      assert.match((messages[0]!.content as { text: string }).text, /semantic_search.*Task: mend the build/s);
      await assert.rejects(
        client.getPrompt({ name: 'recall_before_work', arguments: {} }),
        /needs the argument task/,
      );
      await assert.rejects(client.getPrompt({ name: 'sing' }), /no prompt "sing"/);
      await client.close();
    });
  }

  it('serves twenty clients of both generations at once, and loses nothing', async () => {
    await using memory = await httpMemory();
    const ids = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const client = clientOf(ERAS[i % 2]!, `client ${i}`);
        await client.connect(memory.transport());
        const stored = await Promise.all(
          Array.from({ length: 5 }, (_, j) =>
            callTool(client, 'store_memory', { content: `${i} says ${j}` }),
          ),
        );
        await client.close();
        return stored.map(one => String(one['id']));
      }),
    );
    assert.equal(new Set(ids.flat()).size, 100);
    const { total } = await memory.engine.counts({}, claude);
    assert.equal(total, 100);
  });

  it('reports progress, and stops when the client cancels', async () => {
    await using memory = await httpMemory();
    const client = clientOf('2026-07-28');
    await client.connect(memory.transport());
    const operations = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        op: 'store_memory',
        args: { content: `fact ${from + i}` },
      }));
    const reports: number[] = [];
    await client.callTool(
      { name: 'batch_operations', arguments: { operations: operations(0, 5) } },
      { onprogress: ({ progress }) => void reports.push(progress) },
    );
    assert.deepEqual(reports, [1, 2, 3, 4, 5]);
    const controller = new AbortController();
    const cancelled = client.callTool(
      { name: 'batch_operations', arguments: { operations: operations(100, 50) } },
      { signal: controller.signal, onprogress: () => controller.abort() },
    );
    await assert.rejects(cancelled);
    const count = async () => (await memory.engine.counts({}, claude)).total;
    let before = -1;
    let after = await count();
    while (after !== before) {
      before = after;
      await new Promise(resolve => setTimeout(resolve, 200));
      after = await count();
    }
    assert.ok(after < 55, `${after} were stored although the call was cancelled`);
    await client.close();
  });

  it('refuses strangers: other hosts, web pages, no token, a wrong token', async () => {
    await using memory = await httpMemory({ token: TOKEN });
    const authorization = `Bearer ${TOKEN}`;
    assert.equal(await post(memory.url, { authorization, host: 'evil.example' }), 403);
    assert.equal(await post(memory.url, { authorization, host: '127.0.0.1.evil.example' }), 403);
    assert.equal(await post(memory.url, { authorization, origin: 'https://evil.example' }), 403);
    assert.equal(await post(memory.url, { authorization, origin: 'null' }), 403);
    assert.equal(await post(memory.url, {}), 401);
    assert.equal(await post(memory.url, { authorization: `Bearer ${TOKEN}x` }), 401);
    assert.equal(await post(memory.url, { authorization: TOKEN }), 401);
    assert.notEqual(await post(memory.url, { authorization, origin: 'http://localhost:3000' }), 403);
  });

  it('answers bad requests with what is wrong, and goes on', async () => {
    await using memory = await httpMemory();
    const { url } = memory;
    assert.equal(await post(url, {}, '{"jsonrpc":'), 400);
    assert.equal(await post(url, {}, 'null'), 400);
    for (const [open, close] of [
      ['[', ']'],
      ['{"id":', '}'],
    ] as const)
      assert.equal(await post(url, {}, `${open.repeat(500_000)}1${close.repeat(500_000)}`), 400);
    assert.equal(await post(url, { 'mcp-session-id': 'unknown' }), 404);
    assert.equal(await post(`${url}/%E0%A4%A`, {}), 400);
    assert.equal(await post(`${url}/a%2Cb`, {}), 400);
    assert.equal(await post(url.replace(/mcp$/, 'other'), {}), 404);
    assert.equal(await post(url, { 'content-type': 'text/plain' }), 415);
    assert.equal(await post(url, {}, Buffer.alloc(9 * 1024 * 1024, 32)).catch(() => 413), 413);
    for (const path of ['//', '//[', 'http://evil.example/mcp', '*'])
      assert.equal(await post(url, {}, PING, { path }), 400, path);
    for (const method of ['TRACE', 'PUT', 'OPTIONS'])
      assert.equal(await post(url, {}, '', { method }), 405, method);
    const health = await fetch(url.replace(/mcp$/, 'v1/health'));
    assert.deepEqual([health.status, await health.text()], [200, 'ok\n']);
  });

  for (const era of ERAS)
    it(`serves a client of ${era} by two instances in turn, where there are no sessions`, async () => {
      await using one = await httpMemory({ sessions: false });
      await using other = await httpMemory({ sessions: false });
      let requests = 0;
      const balanced = (url: string | URL, init?: RequestInit) => {
        const to = new URL(url);
        to.port = String((requests++ % 2 === 0 ? one : other).server.port);
        return fetch(to, init);
      };
      const client = clientOf(era);
      const transport = new StreamableHTTPClientTransport(new URL(`${one.url}/shop`), { fetch: balanced });
      await client.connect(transport);
      for (let i = 0; i < 6; i++)
        assert.equal((await callTool(client, 'store_memory', { content: `Fact ${i}` }))['namespace'], 'shop');
      await client.close();
      assert.equal(transport.sessionId, undefined);
      const counts = [one, other].map(async ({ engine }) => (await engine.counts({}, claude)).total);
      const [first = 0, second = 0] = await Promise.all(counts);
      assert.equal(first + second, 6);
      assert.ok(first > 0 && second > 0);
    });

  it('holds so many large requests at once, and small ones beside them', async () => {
    await using memory = await httpMemory();
    const large = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'ping',
      params: { x: 'y'.repeat(100_000) },
    });
    const announced = { 'content-length': String(8 * 1024 * 1024) };
    const begun = Array.from({ length: 8 }, () => {
      const sent = request(memory.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...announced },
      });
      sent.on('error', () => {}).write('{');
      return sent;
    });
    await until(async () => (await post(memory.url, {}, large)) === 429);
    // Read, and told that it belongs to no session.
    assert.equal(await post(memory.url, {}), 400);
    for (const sent of begun) sent.destroy();
    await until(async () => (await post(memory.url, {}, large)) === 400);
  });

  it('opens so many streams of changes, and takes the next when one has ended', async () => {
    await using memory = await httpMemory({ limits: { inFlight: 256, streams: 1 } });
    const [one, two] = [clientOf('2026-07-28'), clientOf('2026-07-28')];
    await one.connect(memory.transport());
    await two.connect(memory.transport());
    const { id } = await callTool(one, 'store_memory', { content: 'one' });
    const watched = { resourceSubscriptions: [`memory://global/${id}`] };
    const stream = await one.listen(watched);
    await assert.rejects(two.listen(watched), /429|as much as it can/);
    await callTool(two, 'store_memory', { content: 'two' });
    await stream.close();
    await until(() =>
      two.listen(watched).then(
        () => true,
        () => false,
      ),
    );
    await one.close();
    await two.close();
  });

  it('takes so many requests of one sender in a minute, those over REST and each of a batch among them', async () => {
    const rate = requestRate(6);
    await using memory = await httpMemory({ rate });
    // Read, and told that it belongs to no session.
    assert.equal(await post(memory.url, {}), 400);
    // As over REST, with the same sender.
    await rate({});
    const batch = `[${PING},${PING},${PING}]`;
    assert.equal(await post(memory.url, {}, batch), 400);
    assert.equal(await post(memory.url, {}, batch), 429);
    const refused = await fetch(memory.url, { method: 'POST', body: PING });
    assert.deepEqual([refused.status, refused.headers.get('ratelimit-policy')], [429, '"requests";q=6;w=60']);
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
    assert.match(await refused.text(), /More than 6 requests in a minute/);
    assert.equal((await fetch(new URL('/v1/health', memory.url))).status, 200);
    assert.equal((await rate({ subject: 'token:other@central' })).refusal, undefined);
  });

  it('works on so many requests at once', async () => {
    await using memory = await httpMemory({ limits: { inFlight: 0, streams: 1 } });
    assert.equal(await post(memory.url, {}), 429);
  });

  it('tells clients of HTTP+SSE what to use', async () => {
    await using memory = await httpMemory();
    const answer = await fetch(memory.url.replace(/mcp$/, 'sse'));
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), /streamable HTTP at \/mcp/);
  });

  it('names the taken port and what to do', async () => {
    await using memory = await httpMemory();
    const again = startHttpServer({
      ...never,
      port: memory.server.port,
      caller: () => claude,
      version: '0',
      logger: silent,
    });
    await assert.rejects(again, error => {
      assert.ok(MemoryError.is(error, 'unavailable'));
      assert.match(error.message, new RegExp(`Port ${memory.server.port} `));
      assert.match(error.fix, /MCP_PORT/);
      return true;
    });
  });

  it('is never open to other machines without a token', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'localhost.example']) {
      await assert.rejects(
        startHttpServer({ ...never, host, port: 0, caller: () => claude, version: '0', logger: silent }),
        error => MemoryError.is(error, 'invalid_input'),
      );
    }
  });
});
