import assert from 'node:assert/strict';
import { oneToken } from '../../../src/surfaces/http/authenticate.ts';
import { restMemory } from '../../fixtures/restMemory.ts';

describe('tools over REST', () => {
  it('store and find a memory', async () => {
    await using memory = await restMemory();
    const stored = await memory.request('POST', '/v1/tools/store_memory', {
      content: 'Deploys run on Fridays',
    });
    assert.equal(stored.status, 200);
    const { id, namespace } = (await stored.json()) as Record<string, string>;
    assert.equal(namespace, 'shop');
    const found = await memory.request('POST', '/v1/tools/semantic_search', { query: 'deploys' });
    const { memories } = (await found.json()) as { memories: { id: string }[] };
    assert.deepEqual(
      memories.map(one => one.id),
      [id],
    );
  });

  it('say in a problem what is wrong, and change nothing', async () => {
    await using memory = await restMemory();
    for (const [path, body, status, code] of [
      ['/v1/tools/store_memory', { content: 'x', colour: 'red' }, 400, 'invalid_input'],
      ['/v1/tools/retrieve_memory', { memory_id: 'none' }, 404, 'not_found'],
      ['/v1/tools/no_such_tool', {}, 404, 'not_found'],
      ['/v1/nothing', {}, 404, 'not_found'],
    ] as const) {
      const answer = await memory.request('POST', path, body);
      assert.equal(answer.headers.get('content-type'), 'application/problem+json');
      const problem = (await answer.json()) as Record<string, unknown>;
      assert.deepEqual([answer.status, problem['status'], problem['code']], [status, status, code]);
      assert.ok(problem['title'] && problem['fix']);
    }
    const stats = await memory.request('POST', '/v1/tools/memory_stats', {});
    assert.equal(((await stats.json()) as { total: number }).total, 0);
  });

  it('ask for the token, but for probes', async () => {
    await using memory = await restMemory({ authenticate: oneToken('of-this-user') });
    for (const authorization of ['', 'Bearer other', 'Basic of-this-user']) {
      const answer = await memory.request('POST', '/v1/tools/memory_stats', {}, { authorization });
      assert.equal(answer.status, 401);
      const wrong = authorization === 'Bearer other' ? ' error="invalid_token"' : '';
      assert.match(answer.headers.get('www-authenticate')!, new RegExp(`^Bearer${wrong}(,|$)`));
    }
    const answer = await memory.request(
      'POST',
      '/v1/tools/memory_stats',
      {},
      { authorization: 'Bearer of-this-user' },
    );
    assert.equal(answer.status, 200);
    for (const path of ['/v1/health', '/v1/health/live', '/v1/health/ready'])
      assert.equal((await memory.request('GET', path)).status, 200);
  });

  it('are refused to pages of the web', async () => {
    await using memory = await restMemory();
    const origin = 'https://evil.example';
    assert.equal((await memory.request('GET', '/v1/health', undefined, { origin })).status, 403);
  });
});
