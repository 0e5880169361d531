import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { oneToken } from '../../../src/surfaces/http/authenticate.ts';
import { createRestApp } from '../../../src/surfaces/rest/restApp.ts';
import { rawAnswer } from '../../fixtures/rawAnswer.ts';
import { type RestMemory, restMemory } from '../../fixtures/restMemory.ts';
import { sseEvents } from '../../fixtures/sseEvents.ts';
import { until } from '../../fixtures/until.ts';

const sse = { accept: 'text/event-stream' };

describe('events over REST', () => {
  it('come as server-sent events, and go on after the last id', async () => {
    await using memory = await restMemory();
    const first = await memory.request('GET', '/v1/events', undefined, sse);
    assert.equal(first.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    const reader = sseEvents(first);
    const id = await store(memory, 'one');
    const seen = await reader.next();
    assert.deepEqual([seen?.event, seen?.data['subject']], ['memory', id]);
    await reader.close();
    const away = [await store(memory, 'two'), await store(memory, 'three')];
    const headers = { ...sse, 'last-event-id': seen!.id };
    const again = sseEvents(await memory.request('GET', '/v1/events', undefined, headers));
    const found = [await again.next(), await again.next()];
    assert.deepEqual(
      found.map(one => one?.data['subject']),
      away,
    );
    await again.close();
  });

  it('tell where to go on though nothing happens', async () => {
    await using memory = await restMemory({ limits: { heartbeatMs: 50 } });
    const reader = sseEvents(await memory.request('GET', '/v1/events', undefined, sse));
    await until(() => reader.heartbeats >= 3);
    assert.match(reader.lastId, /^\d+(-\d+)?\/\d+$/);
    await reader.close();
  });

  it('come over a WebSocket, and go on from a cursor', async () => {
    await using memory = await restMemory();
    const address = `${memory.server.url.replace('http', 'ws')}/v1/events`;
    const socket = new WebSocket(address);
    const messages = messagesOf(socket);
    const { cursor } = await messages.next();
    const id = await store(memory, 'one');
    const told = await messages.next();
    assert.deepEqual([told['type'], told['subject']], ['memory', id]);
    socket.close();
    await once(socket, 'close');
    const again = new WebSocket(`${address}?cursor=${encodeURIComponent(String(cursor))}`);
    const others = messagesOf(again);
    await others.next();
    assert.equal((await others.next())['id'], told['id']);
    again.close();
  });

  it('are refused to who may not have them, or asks for none that there are', async () => {
    await using memory = await restMemory({ authenticate: oneToken('secret') });
    const authorization = 'Bearer secret';
    const asked = (query: string, headers: Record<string, string>) =>
      memory.request('GET', `/v1/events${query}`, undefined, headers);
    assert.equal((await asked('', sse)).status, 401);
    assert.equal((await asked('?cursor=none', { ...sse, authorization })).status, 400);
    assert.equal((await asked('?colour=red', { ...sse, authorization })).status, 400);
    assert.equal((await asked('', { accept: 'text/html', authorization })).status, 406);
    const address = `${memory.server.url.replace('http', 'ws')}/v1/events`;
    assert.equal(await refusal(new WebSocket(address)), 401);
    assert.equal(await refusal(new WebSocket(`${address}?cursor=none`, { headers: { authorization } })), 400);
    assert.equal(
      await refusal(new WebSocket(address, { headers: { authorization, origin: 'https://evil.example' } })),
      403,
    );
  });

  it('are streamed to so many at once, and to others when one of them goes', async () => {
    await using memory = await restMemory({ limits: { streams: 1 } });
    const address = `${memory.server.url.replace('http', 'ws')}/v1/events`;
    const reader = sseEvents(await memory.request('GET', '/v1/events', undefined, sse));
    const refused = await memory.request('GET', '/v1/events', undefined, sse);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '10']);
    assert.equal(await refusal(new WebSocket(address)), 429);
    await reader.close();
    await until(async () => {
      const answer = await memory.request('GET', '/v1/events', undefined, sse);
      await answer.body?.cancel();
      return answer.status === 200;
    });
  });

  it('take no stream from others to say what they would be', async () => {
    await using memory = await restMemory({ limits: { streams: 1 } });
    const head = await memory.request('HEAD', '/v1/events', undefined, sse);
    assert.equal(head.status, 200);
    assert.match(head.headers.get('content-type')!, /^text\/event-stream/);
    const honest = await memory.request('GET', '/v1/events', undefined, sse);
    assert.equal(honest.status, 200);
    await honest.body?.cancel();
  });

  it('take no stream from others for a WebSocket that its proxy has half asked for', async () => {
    await using memory = await restMemory({ limits: { streams: 1 } });
    const half = 'GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n\r\n';
    const socket = connect(memory.server.port, '127.0.0.1');
    let told = '';
    socket.setEncoding('latin1').on('data', text => {
      told += text;
    });
    // Its connection stays open.
    for (let i = 1; i <= 3; i++) {
      socket.write(half);
      await until(() => told.match(/HTTP\/1\.1 400 /g)?.length === i);
    }
    assert.match(told, /Connection: Upgrade/);
    const honest = await memory.request('GET', '/v1/events', undefined, sse);
    assert.equal(honest.status, 200);
    await honest.body?.cancel();
    socket.destroy();
  });

  it('are no more sent to who takes none', async () => {
    await using memory = await restMemory({ limits: { streams: 1, heartbeatMs: 50 } });
    const app = createRestApp(memory.deps);
    const ask = () =>
      app.fetch(new Request('http://127.0.0.1/v1/events', { headers: { ...sse, host: '127.0.0.1' } }));
    const unread = await ask();
    assert.equal(unread.status, 200);
    await until(async () => (await ask()).status === 200);
    await assert.rejects(unread.text(), /reads nothing/);
  });

  it('end with the server', async () => {
    const memory = await restMemory();
    const reader = sseEvents(await memory.request('GET', '/v1/events', undefined, sse));
    const socket = new WebSocket(`${memory.server.url.replace('http', 'ws')}/v1/events`);
    await messagesOf(socket).next();
    const closed = once(socket, 'close');
    await memory[Symbol.asyncDispose]();
    assert.equal(await reader.next(), undefined);
    assert.equal((await closed)[0], 1001);
  });

  it('survive clients that break their handshake or send too much', async () => {
    await using memory = await restMemory({ limits: { streams: 1 } });
    for (const protocol of ['websocket', 'h2c'])
      assert.match(
        await rawAnswer(
          memory.server.port,
          `GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`,
        ),
        /^HTTP\/1\.1 400 /,
      );
    const socket = new WebSocket(`${memory.server.url.replace('http', 'ws')}/v1/events`);
    await once(socket, 'open');
    socket.send('x'.repeat(10_000));
    assert.equal((await once(socket, 'close'))[0], 1009);
    assert.equal((await memory.request('GET', '/v1/health/live')).status, 200);
  });
});

async function store(memory: RestMemory, content: string): Promise<string> {
  const answer = await memory.request('POST', '/v1/memories', { content });
  return ((await answer.json()) as { id: string }).id;
}

/** The status that a handshake was refused with. */
async function refusal(socket: WebSocket): Promise<number | undefined> {
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  return (response as { statusCode?: number }).statusCode;
}

function messagesOf(socket: WebSocket): { next(): Promise<Record<string, unknown>> } {
  const waiting: string[] = [];
  let wake = () => {};
  socket.on('message', data => {
    waiting.push(String(data));
    wake();
  });
  return {
    async next() {
      while (waiting.length === 0)
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      return JSON.parse(waiting.shift()!) as Record<string, unknown>;
    },
  };
}
