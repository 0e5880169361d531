import assert from 'node:assert/strict';
import { createServer } from 'node:http';
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
  drain.watch(server);
  const port = await listen(server, '127.0.0.1', 0, '--port');
  return {
    drain,
    served: () => served,
    ask: (path: string) => fetch(`http://127.0.0.1:${port}${path}`),
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

  it('goes at once where nobody gave it time', async () => {
    await using server = await startDraining(0);
    await server.drain.leave();
    assert.equal((await server.ask('/v1/health/ready')).status, 200);
  });
});
