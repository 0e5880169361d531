import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Rights, SCOPES } from '../../../src/engine/model/rights.ts';
import { startRestServer } from '../../../src/surfaces/rest/restServer.ts';
import type { CallTool } from '../../../src/tools/callTool.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { type RestMemory, restMemory } from '../../fixtures/restMemory.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const publish = { type: 'node_status', node: 'gpu-1', status: 'online' };

describe('an Idempotency-Key over REST', () => {
  it('gives the same answer again, and makes the change once', async () => {
    await using memory = await restMemory();
    const key = randomUUID();
    const first = await send(memory, key);
    const again = await send(memory, `"${key}"`);
    assert.deepEqual([first.status, again.status], [200, 200]);
    assert.deepEqual(await again.json(), await first.json());
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.equal(await published(memory), 1);
    assert.notEqual((await send(memory, randomUUID())).headers.get('idempotency-replayed'), 'true');
    assert.equal(await published(memory), 2);
  });

  it('keeps status and headers of what was created, and refusals', async () => {
    await using memory = await restMemory();
    const post = (body: object, key: string) =>
      memory.request('POST', '/v1/memories', body, { 'idempotency-key': key });
    const first = await post({ content: 'one' }, 'a');
    const again = await post({ content: 'one' }, 'a');
    for (const name of ['location', 'etag', 'content-type'])
      assert.equal(again.headers.get(name), first.headers.get(name));
    assert.deepEqual([first.status, again.status], [201, 201]);
    const refused = await post({ colour: 'red' }, 'b');
    const same = await post({ colour: 'red' }, 'b');
    assert.deepEqual([refused.status, same.status], [400, 400]);
    assert.equal(same.headers.get('content-type'), 'application/problem+json');
  });

  it('is refused for another request, and told apart by caller', async () => {
    await using memory = await restMemory();
    assert.equal((await send(memory, 'k')).status, 200);
    const other = await send(memory, 'k', { ...publish, status: 'gone' });
    assert.equal(other.status, 422);
    assert.equal(await published(memory), 1);
    const elsewhere = await memory.request('PUT', '/v1/nodes/gpu-1', {}, { 'idempotency-key': 'k' });
    assert.equal(elsewhere.status, 422);
    const stranger = await memory.request('POST', '/v1/events', publish, {
      ...{ 'idempotency-key': 'k', 'x-memory-client': 'other' },
    });
    assert.equal(stranger.headers.get('idempotency-replayed'), null);
    assert.equal((await send(memory, 'x'.repeat(256))).status, 400);
  });

  it('repeats no answer to a caller that has other rights by now', async () => {
    let rights: Rights = { scopes: SCOPES };
    const authenticate = async () => ({ subject: 'jwt:ada@issuer', rights });
    await using memory = await restMemory({ authenticate });
    assert.equal((await send(memory, 'k')).status, 200);
    rights = { scopes: ['read'] };
    assert.equal((await send(memory, 'k')).status, 403);
  });

  it('makes one change of many that are sent at once', async () => {
    await using memory = await restMemory();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(memory, 'at-once')));
    const ids = await Promise.all(answers.map(async one => ((await one.json()) as { id: string }).id));
    assert.deepEqual(new Set(answers.map(one => one.status)), new Set([200]));
    assert.equal(new Set(ids).size, 1);
    assert.equal(await published(memory), 1);
  });

  it('holds where the first was told that its time was over', async () => {
    await using memory = await restMemory();
    let release = () => {};
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    const call: CallTool = async (name, input, caller) => {
      const done = await memory.deps.call(name, input, caller);
      await released;
      return done;
    };
    const limits = { ...memory.deps.limits, deadlineMs: 100 };
    await using server = await startRestServer({ ...memory.deps, call, limits }, 0);
    const post = () =>
      fetch(`${server.url}/v1/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'late' },
        body: JSON.stringify({ title: 'once' }),
      });
    assert.equal((await post()).status, 503);
    release();
    let again: Response;
    do again = await post();
    while (again.status === 503);
    const { tasks } = (await (await memory.request('GET', '/v1/tasks')).json()) as {
      tasks: unknown[];
    };
    assert.deepEqual(
      [again.status, again.headers.get('idempotency-replayed'), tasks.length],
      [201, 'true', 1],
    );
  });

  it('holds where the answer is too long to be kept', async () => {
    await using memory = await restMemory();
    const stored = await memory.request('POST', '/v1/memories', { content: 'x'.repeat(60_000) });
    const { id } = (await stored.json()) as { id: string };
    const read = { op: 'retrieve_memory', args: { memory_id: id } };
    const change = { op: 'share_context_with_agent', args: { to_agent: '*', content: 'told' } };
    const post = () =>
      memory.request(
        'POST',
        '/v1/batch',
        { operations: [change, ...Array.from({ length: 20 }, () => read)] },
        { 'idempotency-key': 'long' },
      );
    const first = (await (await post()).json()) as { succeeded: number };
    assert.equal(first.succeeded, 21);
    const again = await post();
    assert.deepEqual([again.status, again.headers.get('idempotency-replayed')], [409, 'true']);
    assert.match(((await again.json()) as { title: string }).title, /was done .* too long to be kept/);
    const shared = await memory.request('GET', '/v1/contexts?sent=true');
    assert.equal(((await shared.json()) as { contexts: unknown[] }).contexts.length, 1);
  });

  it('keeps nothing of reads, nor for who may only read', async () => {
    let rights: Rights = { scopes: SCOPES };
    const authenticate = async () => ({ subject: 'jwt:ada@issuer', rights });
    await using memory = await restMemory({ authenticate });
    const kept = async () => (await memory.engine.caches.statistics()).tallies.get('answered')?.entries ?? 0;
    for (const path of ['/v1/search', '/v1/tools/semantic_search', '/v1/tools/nothing'])
      await memory.request('POST', path, { query: 'x' }, { 'idempotency-key': path });
    assert.equal(await kept(), 0);
    assert.equal((await send(memory, 'a')).status, 200);
    // That it was begun is forgotten in a moment.
    await until(async () => (await kept()) === 1);
    rights = { scopes: ['read'] };
    assert.equal((await send(memory, 'b')).status, 403);
    const batch = { operations: [{ op: 'semantic_search', args: { query: 'x' } }] };
    const read = await memory.request('POST', '/v1/batch', batch, { 'idempotency-key': 'c' });
    assert.equal(read.status, 200);
    assert.equal(await kept(), 1);
  });

  it('holds after a restart', async () => {
    await using folder = await temporaryFolder();
    const first = await restMemory({ folder: folder.path });
    const id = ((await (await send(first, 'restart')).json()) as { id: string }).id;
    await first[Symbol.asyncDispose]();
    await using second = await restMemory({ folder: folder.path });
    const again = await send(second, 'restart');
    assert.equal(((await again.json()) as { id: string }).id, id);
    assert.equal(await published(second), 1);
  });

  it('holds at every instance that shares a Redis', async () => {
    await using redis = await startRedis();
    const settings = { 'redis.url': redis.url };
    await using one = await restMemory({ settings });
    await using other = await restMemory({ settings });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => send(i % 2 === 0 ? one : other, 'shared')),
    );
    const ids = await Promise.all(answers.map(async answer => ((await answer.json()) as { id: string }).id));
    assert.equal(new Set(ids).size, 1);
    assert.equal(await published(other), 1);
  });

  it('is refused where the answer holds a secret', async () => {
    await using memory = await restMemory();
    for (const path of ['/v1/tokens', '/v1/tools/create_token']) {
      const body = { name: 'robot', scopes: ['read'] };
      const answer = await memory.request('POST', path, body, { 'idempotency-key': 'k' });
      assert.equal(answer.status, 400);
      assert.match(((await answer.json()) as { title: string }).title, /holds a secret/);
    }
    const listed = await memory.request('GET', '/v1/tokens');
    assert.deepEqual(await listed.json(), { tokens: [] });
  });

  it('is refused where no answer can be kept, and nothing is done', async () => {
    await using memory = await restMemory({ settings: { 'cache.enabled': false } });
    const answer = await send(memory, 'k');
    assert.equal(answer.status, 503);
    assert.equal(await published(memory), 0);
  });
});

function send(memory: RestMemory, key: string, body: object = publish): Promise<Response> {
  return memory.request('POST', '/v1/events', body, { 'idempotency-key': key });
}

async function published({ engine }: RestMemory): Promise<number> {
  const events = await engine.records.events.newest(1000);
  return events.filter(({ event }) => event.type === 'node_status').length;
}
