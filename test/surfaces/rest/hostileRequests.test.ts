import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { startRestServer } from '../../../src/surfaces/rest/restServer.ts';
import { silent } from '../../fixtures/logger.ts';
import { rawAnswer } from '../../fixtures/rawAnswer.ts';
import { type RestMemory, restMemory } from '../../fixtures/restMemory.ts';
import { until } from '../../fixtures/until.ts';

const HOST = 'Host: 127.0.0.1\r\n';
const CLOSE = 'Connection: close\r\n';
const JSON_BODY = 'Content-Type: application/json\r\n';

/** Every answer begins so; what comes after it on the connection would be a second one. */
const answers = (text: string) => text.split(/(?=HTTP\/1\.1 \d)/).filter(Boolean);

describe('requests that are meant to harm REST', () => {
  it('by tricks in the path reach nothing', async () => {
    await using memory = await restMemory();
    const paths = [
      ...['/v1/../v1/memories', '/v1/./memories', '/v1/%2e%2e/v1/memories', '/v1/%2E%2E%2Fmemories/..'],
      ...[
        '//v1/memories',
        '/v1//memories',
        '/v1/memories/%00',
        '/v1/memories/%0d%0aX-Evil:1',
        '/v1\\memories',
      ],
      ...['/v1/memories/%ff', '/v1/memories/%', '/v1/memories/%c0%ae%c0%ae', 'v1/memories', '*'],
    ];
    for (const path of paths) {
      const answer = await rawAnswer(memory.server.port, `GET ${path} HTTP/1.1\r\n${HOST}${CLOSE}\r\n`);
      assert.match(answer, /^HTTP\/1\.1 400 /, path);
      assert.doesNotMatch(answer, /x-evil/i);
    }
    const twoHosts = `GET /v1/memories HTTP/1.1\r\n${HOST}${HOST}${CLOSE}\r\n`;
    assert.match(await rawAnswer(memory.server.port, twoHosts), /^HTTP\/1\.1 400 /);
    const absolute = `GET http://evil.example/v1/memories HTTP/1.1\r\n${HOST}${CLOSE}\r\n`;
    assert.match(await rawAnswer(memory.server.port, absolute), /^HTTP\/1\.1 40[03] /);
    await unharmed(memory);
  });

  it('by two readings of where a request ends are refused, and smuggle none', async () => {
    await using memory = await restMemory();
    const smuggled = `DELETE /v1/memories?agent_id=x&confirm=true HTTP/1.1\r\n${HOST}\r\n`;
    const requests = [
      `POST /v1/search HTTP/1.1\r\n${HOST}${JSON_BODY}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `POST /v1/search HTTP/1.1\r\n${HOST}${JSON_BODY}Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}${smuggled}`,
      `POST /v1/search HTTP/1.1\r\n${HOST}${JSON_BODY}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
      `POST /v1/search HTTP/1.1\r\n${HOST}${JSON_BODY}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `POST /v1/search HTTP/1.1\r\n${HOST}${JSON_BODY}Content-Length : 2\r\n\r\n{}${smuggled}`,
      `POST /v1/search HTTP/1.1\r\n${HOST}${JSON_BODY}Content-Length: +2\r\n\r\n{}${smuggled}`,
      `POST /v1/search HTTP/1.1\r\n${HOST}${JSON_BODY}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n${smuggled}`,
      `GET /v1/memories HTTP/1.1\n${HOST.replace('\r', '')}X: 1\n\n${smuggled}`,
      `GET /v1/memories HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n${smuggled}`,
      `GET /v1/memories HTTP/1.1\r\n\r\n${smuggled}`,
    ];
    for (const request of requests) {
      const told = answers(await rawAnswer(memory.server.port, request));
      assert.equal(told.length, 1, request);
      assert.match(told[0]!, /^HTTP\/1\.1 400 /, request);
    }
    await unharmed(memory);
  });

  it('by headers without end are refused', async () => {
    await using memory = await restMemory();
    const many = Array.from({ length: 5000 }, (_, i) => `X-${i}: y\r\n`).join('');
    for (const headers of [many, `X: ${'y'.repeat(100_000)}\r\n`]) {
      const answer = await rawAnswer(
        memory.server.port,
        `GET /v1/memories HTTP/1.1\r\n${HOST}${headers}\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 431 [\s\S]*application\/problem\+json/);
    }
    await unharmed(memory);
  });

  it('by bodies without end are refused before they are read', async () => {
    await using memory = await restMemory({ limits: { bodyBytes: 100_000 } });
    const head = `POST /v1/memories HTTP/1.1\r\n${HOST}${JSON_BODY}`;
    const announced = await rawAnswer(memory.server.port, `${head}Content-Length: 99999999999\r\n\r\n{`);
    assert.match(announced, /^HTTP\/1\.1 413 [\s\S]*application\/problem\+json/);
    const chunk = `2710\r\n${'x'.repeat(10_000)}\r\n`;
    const chunked = await rawAnswer(
      memory.server.port,
      `${head}Transfer-Encoding: chunked\r\n\r\n`,
      ...Array.from({ length: 20 }, () => chunk),
    );
    assert.match(chunked, /^HTTP\/1\.1 413 /);
    await unharmed(memory);
  });

  it('by bodies of reads are answered as if there were none', async () => {
    await using memory = await restMemory();
    const body = `Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`;
    for (const [method, status] of [
      ['GET', 200],
      ['HEAD', 200],
      ['TRACE', 405],
    ] as const) {
      const answer = await rawAnswer(
        memory.server.port,
        `${method} /v1/memories HTTP/1.1\r\n${HOST}${CLOSE}${body}`,
      );
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), method);
    }
    await unharmed(memory);
  });

  it('by large bodies that never end take no memory without end, nor room from small ones', async () => {
    await using memory = await restMemory({ limits: { bodyBytes: 200_000 } });
    const head = `POST /v1/search HTTP/1.1\r\n${HOST}${JSON_BODY}`;
    const large = { query: 'x', tags: Array.from({ length: 3 }, () => 'y'.repeat(30_000)) };
    const ask = (body: object) => memory.request('POST', '/v1/search', body);
    assert.equal((await ask(large)).status, 400);
    const held = await Promise.all(Array.from({ length: 8 }, () => connected(memory.server.port)));
    for (const [i, socket] of held.entries())
      socket.write(
        i % 2 === 0
          ? `${head}Content-Length: 200000\r\n\r\n{`
          : `${head}Transfer-Encoding: chunked\r\n\r\n30000\r\n${'x'.repeat(0x30000)}\r\n`,
      );
    await until(async () => (await ask(large)).status === 429);
    const refused = await ask(large);
    assert.equal(refused.headers.get('retry-after'), '1');
    await unharmed(memory);
    for (const socket of held) socket.resetAndDestroy();
    await until(async () => (await ask(large)).status === 400);
    await unharmed(memory);
  });

  it('by large bodies of one token that never end leave room to the others', async () => {
    await using memory = await restMemory({
      limits: { bodyBytes: 200_000 },
      authenticate: async authorization => ({ subject: `token:${authorization}@central` }),
    });
    const large = { query: 'x', tags: Array.from({ length: 3 }, () => 'y'.repeat(30_000)) };
    const ask = (authorization: string) =>
      memory.request('POST', '/v1/search', large, { authorization: `Bearer ${authorization}` });
    const head = `POST /v1/search HTTP/1.1\r\n${HOST}${JSON_BODY}Authorization: Bearer ada\r\n`;
    const held = await Promise.all(Array.from({ length: 8 }, () => connected(memory.server.port)));
    for (const socket of held) socket.write(`${head}Content-Length: 200000\r\n\r\n{`);
    await until(async () => (await ask('ada')).status === 429);
    assert.equal((await ask('grace')).status, 400);
    for (const socket of held) socket.resetAndDestroy();
    await until(async () => (await ask('ada')).status === 400);
  });

  it('by JSON that is too deep, or tries to change objects, are refused', async () => {
    await using memory = await restMemory();
    const deep = 200_000;
    const bodies = [
      `{"content":${'['.repeat(deep)}${']'.repeat(deep)}}`,
      `{"content":"x","metadata":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`,
      `{"content":"x","metadata":{"__proto__":{"polluted":true}}}`,
      `{"content":"x","__proto__":{"polluted":true}}`,
      `{"content":"x","constructor":{"prototype":{}}}`,
    ];
    for (const body of bodies) {
      const answer = await fetch(`${memory.server.url}/v1/memories`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      assert.equal(answer.status, 400, body.slice(0, 60));
    }
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    await unharmed(memory);
  });

  it('by sending slowly hold no connection for long, and keep no other waiting', async () => {
    await using memory = await restMemory({
      times: { headersTimeout: 1000, requestTimeout: 1500, connectionsCheckingInterval: 50 },
    });
    const slow = Array.from({ length: 50 }, () => dripping(memory.server.port));
    await unharmed(memory);
    const closed = await Promise.all(slow);
    for (const told of closed) assert.match(told, /^HTTP\/1\.1 408 /);
    const head = `POST /v1/memories HTTP/1.1\r\n${HOST}${JSON_BODY}Content-Length: 100\r\n\r\n{"content"`;
    assert.match(await rawAnswer(memory.server.port, head), /^HTTP\/1\.1 408 /);
    await unharmed(memory);
  });

  it('by clients that leave before they have said everything are no failure of the server', async () => {
    await using memory = await restMemory();
    const errors: string[] = [];
    const statuses: number[] = [];
    await using server = await startRestServer(
      {
        ...memory.deps,
        logger: { ...silent, error: message => void errors.push(message) },
        watch: async (_, serve) => {
          statuses.push((await serve({ traceId: '1', traceparent: '00-1-1-00' })).status);
        },
      },
      0,
    );
    const head = `POST /v1/memories HTTP/1.1\r\n${HOST}${JSON_BODY}Content-Length: 50\r\n\r\n`;
    for (let i = 0; i < 10; i += 1) {
      const socket = await connected(server.port);
      socket.write(`${head}{"content"`, () => setImmediate(() => socket.resetAndDestroy()));
    }
    // Whom the server never met asked nothing.
    const asked = fetch(`${server.url}/v1/memories`);
    assert.equal((await asked).status, 200);
    await until(() => statuses.includes(408));
    assert.deepEqual(errors, []);
    assert.ok(!statuses.includes(500));
  });

  it('by clients that leave in the middle leave nothing behind', async () => {
    await using memory = await restMemory({ limits: { inFlight: 5 } });
    for (let i = 0; i < 50; i += 1) {
      const socket = await connected(memory.server.port);
      socket.write(`GET /v1/events?wait_seconds=50 HTTP/1.1\r\n${HOST}\r\n`);
      socket.resetAndDestroy();
    }
    await until(async () => (await memory.request('GET', '/v1/memories')).status === 200);
    await unharmed(memory);
  });
});

/** It still stores and finds, and nothing was deleted. */
async function unharmed(memory: RestMemory): Promise<void> {
  const content = `Seen at ${Math.random()}`;
  const before = await total(memory);
  const stored = await memory.request('POST', '/v1/memories', { content });
  assert.equal(stored.status, 201);
  assert.equal(await total(memory), before + 1);
}

async function total(memory: RestMemory): Promise<number> {
  const answer = await memory.request('GET', '/v1/memories?limit=1');
  return ((await answer.json()) as { total: number }).total;
}

/** Sends a header, byte by byte, until the server has enough of it. */
async function dripping(port: number): Promise<string> {
  const socket = await connected(port);
  const drip = setInterval(() => socket.write('a'), 20);
  let told = '';
  socket.setEncoding('latin1').on('data', part => {
    told += part;
  });
  socket.write(`GET /v1/memories HTTP/1.1\r\n${HOST}X-Slow: `);
  await new Promise(resolve => socket.once('close', resolve));
  clearInterval(drip);
  return told;
}

function connected(port: number): Promise<Socket> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => {});
  });
}
