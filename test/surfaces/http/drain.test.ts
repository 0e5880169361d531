import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { Drain } from '../../../src/surfaces/http/drain.ts';
import { listen } from '../../../src/surfaces/http/listen.ts';

/** A server that drains. */
async function startDraining(graceMs: number) {
  const drain = new Drain(graceMs);
  let served = 0;
  const server = createServer((_, response) => {
    served += 1;
    response.end('done');
  });
  server.on('upgrade', (_, socket) => {
    served += 1;
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  });
  drain.watch(server);
  const port = await listen(server, '127.0.0.1', 0, { host: '--host', port: '--port' });
  return {
    drain,
    served: () => served,
    ask: (path: string) => fetch(`http://127.0.0.1:${port}${path}`),
    /** Asks for a WebSocket. @returns the status of the answer */
    upgrade: () =>
      new Promise<number>((resolve, reject) => {
        const headers = { connection: 'Upgrade', upgrade: 'websocket' };
        const asked = request({ port, headers, agent: false }, answer => {
          answer.resume();
          resolve(answer.statusCode!);
        });
        asked.on('upgrade', (answer, socket) => {
          socket.destroy();
          resolve(answer.statusCode!);
        });
        asked.on('error', reject).end();
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Without what is said again. */
function steps(statuses: readonly number[]): number[] {
  return statuses.filter((status, i) => status !== statuses[i - 1]);
}

describe('a server that drains', () => {
  it('says first that it is not ready and serves, then turns away what comes, and does nothing of it', async () => {
    await using server = await startDraining(2000);
    const ready: number[] = [(await server.ask('/v1/health/ready')).status];
    const others: number[] = [];
    let left = false;
    const leaving = server.drain.leave().then(() => {
      left = true;
    });
    while (!left) {
      const answer = await server.ask('/v1/tools/memory_stats');
      assert.equal(answer.headers.get('connection'), 'close');
      others.push(answer.status);
      ready.push((await server.ask('/v1/health/ready?verbose')).status);
    }
    await leaving;
    assert.deepEqual(steps(others), [200, 502]);
    assert.deepEqual(steps(ready), [200, 503, 502]);
    assert.equal(server.served(), others.filter(status => status === 200).length + 1);
    const refused = await server.ask('/v1/tools/memory_stats');
    assert.match(refused.headers.get('content-type')!, /^application\/problem\+json/);
    assert.equal(((await refused.json()) as { status: number }).status, 502);
  });

  it('turns away WebSockets, too', async () => {
    await using server = await startDraining(100);
    assert.equal(await server.upgrade(), 101);
    await server.drain.leave();
    assert.equal(await server.upgrade(), 502);
    assert.equal(server.served(), 1);
  });

  it('goes at once where nobody gave it time', async () => {
    await using server = await startDraining(0);
    await server.drain.leave();
    assert.equal((await server.ask('/v1/health/ready')).status, 200);
  });
});
