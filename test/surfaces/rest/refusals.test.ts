import assert from 'node:assert/strict';
import { startRedis } from '../../fixtures/redis.ts';
import { restMemory } from '../../fixtures/restMemory.ts';
import { until } from '../../fixtures/until.ts';

describe('what REST refuses', () => {
  it('is said in a problem, with the headers that belong to it', async () => {
    await using memory = await restMemory({ limits: { bodyBytes: 1000 } });
    const cases: readonly (readonly [string, string, RequestInit, number, string?])[] = [
      ['GET', '/v1/nothing', {}, 404],
      ['PUT', '/v1/memories', {}, 405, 'allow'],
      ['DELETE', '/v1/tools/store_memory', {}, 405, 'allow'],
      [
        'POST',
        '/v1/memories',
        { body: 'content=x', headers: { 'content-type': 'text/plain' } },
        415,
        'accept',
      ],
      ['POST', '/v1/memories', { body: '{', headers: { 'content-type': 'application/json' } }, 400],
      ['POST', '/v1/memories', { body: '[1]', headers: { 'content-type': 'application/json' } }, 400],
      [
        'POST',
        '/v1/memories',
        { body: Buffer.from([0x22, 0xff, 0x22]), headers: { 'content-type': 'application/json' } },
        400,
      ],
      [
        'POST',
        '/v1/memories',
        { body: 'x'.repeat(1001), headers: { 'content-type': 'application/json' } },
        413,
      ],
      ['GET', '/v1/memories', { headers: { accept: 'text/html' } }, 406],
      ['GET', '/v1/memories', { headers: { accept: 'application/json;q=0, */*' } }, 406],
      ['GET', `/v1/memories?agent_id=${'a'.repeat(9000)}`, {}, 414],
      ['GET', '/v1//memories', {}, 400],
      ['GET', '/v1/memories/a%00b', {}, 400],
    ];
    for (const [method, path, init, status, header] of cases) {
      const answer = await fetch(memory.server.url + path, { method, ...init });
      const what = `${method} ${path.slice(0, 40)}`;
      assert.equal(answer.status, status, what);
      assert.equal(answer.headers.get('content-type'), 'application/problem+json', what);
      const problem = (await answer.json()) as Record<string, unknown>;
      assert.equal(problem['status'], status);
      assert.ok(problem['title'] && problem['code'] && problem['fix'], what);
      if (header !== undefined) assert.ok(answer.headers.get(header), `${what}: ${header}`);
    }
  });

  it('names the methods that an address has', async () => {
    await using memory = await restMemory();
    const answer = await memory.request('PUT', '/v1/memories');
    assert.equal(answer.headers.get('allow'), 'GET, HEAD, POST, DELETE');
  });

  it('is more than a caller may send in a minute', async () => {
    await using memory = await restMemory({
      requestsPerMinute: 3,
      authenticate: async authorization => ({ subject: `token:${authorization}@central` }),
    });
    const ask = (headers = {}) =>
      memory.request('GET', '/v1/memories', undefined, { authorization: 'ada', ...headers });
    const first = await ask();
    assert.equal(first.headers.get('ratelimit-policy'), '"requests";q=3;w=60');
    assert.match(first.headers.get('ratelimit') ?? '', /^"requests";r=2;t=\d+$/);
    await ask();
    await ask();
    const refused = await ask();
    assert.equal(refused.status, 429);
    const seconds = Number(refused.headers.get('retry-after'));
    assert.ok(seconds >= 1 && seconds <= 60);
    assert.match(refused.headers.get('ratelimit') ?? '', /^"requests";r=0;t=\d+$/);
    assert.equal((await memory.request('GET', '/v1/health')).status, 200);
    // Another name makes nobody another.
    assert.equal((await ask({ 'x-memory-client': 'other' })).status, 429);
    assert.equal((await ask({ authorization: 'grace' })).status, 200);
  });

  it('is what comes while the server has enough to do', async () => {
    await using memory = await restMemory({ limits: { inFlight: 2 } });
    const waiting = [1, 2].map(() => memory.request('GET', '/v1/events?wait_seconds=50'));
    let refused: Response;
    do refused = await memory.request('GET', '/v1/memories');
    while (refused.status === 200);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1']);
    assert.equal((await memory.request('GET', '/v1/health/live')).status, 200);
    await memory.engine.records.events.publish({ type: 'node_status', node: 'n', status: 'online' });
    for (const answer of await Promise.all(waiting)) assert.equal(answer.status, 200);
    assert.equal((await memory.request('GET', '/v1/memories')).status, 200);
  });

  it('is what one token sends beyond its share, and nothing of others', async () => {
    await using memory = await restMemory({
      limits: { inFlight: 8 },
      authenticate: async authorization => ({ subject: `token:${authorization}@central` }),
    });
    const ask = (authorization: string, path = '/v1/memories') =>
      memory.request('GET', path, undefined, { authorization });
    const statuses: number[] = [];
    const waiting = Array.from({ length: 40 }, async () => {
      statuses.push((await ask('ada', '/v1/events?wait_seconds=50')).status);
    });
    await until(() => statuses.length === 34);
    assert.deepEqual(new Set(statuses), new Set([429]));
    assert.equal((await ask('grace')).status, 200);
    await memory.engine.records.events.publish({ type: 'node_status', node: 'n', status: 'online' });
    await Promise.all(waiting);
    assert.deepEqual(statuses.slice(34), [200, 200, 200, 200, 200, 200]);
    assert.equal((await ask('ada')).status, 200);
  });

  it('is nobody who only waits: they are answered in time', async () => {
    await using memory = await restMemory({ limits: { deadlineMs: 300 } });
    const answer = await memory.request('GET', '/v1/events?wait_seconds=50');
    assert.equal(answer.status, 200);
    assert.deepEqual(((await answer.json()) as { events: unknown[] }).events, []);
  });

  it('is nobody who waits when the server closes: they are answered', async () => {
    const memory = await restMemory({ limits: { inFlight: 1 } });
    const waiting = memory.request('POST', '/v1/pending-tasks/claim', { wait_seconds: 50 });
    await until(async () => (await memory.request('GET', '/v1/memories')).status === 429);
    await memory[Symbol.asyncDispose]();
    const answer = await waiting;
    assert.equal(answer.status, 200);
    assert.deepEqual(((await answer.json()) as { tasks: unknown[] }).tasks, []);
  });

  it('is what takes longer than the deadline', async () => {
    await using redis = await startRedis();
    const settings = { 'redis.url': redis.url, 'redis.deadlineMs': 10_000 };
    await using memory = await restMemory({ settings, limits: { deadlineMs: 500 } });
    assert.equal((await memory.request('GET', '/v1/nodes')).status, 200);
    redis.hang();
    const late = await memory.request('GET', '/v1/nodes');
    redis.wake();
    assert.deepEqual([late.status, late.headers.get('retry-after')], [503, '2']);
    assert.match(((await late.json()) as { title: string }).title, /not done within 0.5 s/);
    assert.equal((await memory.request('GET', '/v1/nodes')).status, 200);
  });
});
