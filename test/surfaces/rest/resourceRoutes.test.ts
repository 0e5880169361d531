import assert from 'node:assert/strict';
import { routes } from '../../../src/surfaces/rest/resources/routes.ts';
import { wordsOf } from '../../../src/surfaces/rest/resources/shape.ts';
import { toolsFor } from '../../../src/tools/registry.ts';
import { type RestMemory, restMemory } from '../../fixtures/restMemory.ts';

type Fields = Record<string, unknown>;

describe('resources over REST', () => {
  it('name tools that programs are offered, and fields that these have', () => {
    for (const route of routes) {
      const tool = toolsFor('rest').find(one => one.name === route.tool);
      assert.ok(tool, route.tool);
      const words = wordsOf(route.path).map(word => route.fields?.[word] ?? word);
      for (const field of [...words, ...(route.takes ?? []), ...Object.keys(route.always ?? {})])
        assert.ok(field in tool.input.shape, `${route.method} ${route.path}: ${field}`);
      for (const list of [route.first, route.pages])
        assert.ok(list === undefined || list in tool.output.shape);
    }
    const addresses = routes.map(({ method, path }) => `${method} ${path}`);
    assert.equal(new Set(addresses).size, addresses.length);
  });

  it('create, read, change and delete a memory', async () => {
    await using memory = await restMemory();
    const created = await memory.request('POST', '/v1/memories', { content: 'Deploys run on Fridays' });
    assert.equal(created.status, 201);
    const { id } = await json(created);
    assert.equal(created.headers.get('location'), `/v1/memories/${id}`);
    assert.equal(created.headers.get('etag'), '"1"');
    const again = await memory.request('POST', '/v1/memories', { content: 'Deploys run on Fridays' });
    assert.deepEqual([again.status, (await json(again))['id']], [200, id]);
    const read = await memory.request('GET', `/v1/memories/${id}`);
    assert.equal((await json(read))['content'], 'Deploys run on Fridays');
    const changed = await memory.request('PATCH', `/v1/memories/${id}`, { priority: 'high' });
    assert.deepEqual([changed.status, changed.headers.get('etag')], [200, '"2"']);
    const history = await json(await memory.request('GET', `/v1/memories/${id}/history`));
    assert.deepEqual(
      (history['operations'] as Fields[]).map(one => one['kind']),
      ['update', 'create'],
    );
    const deleted = await memory.request('DELETE', `/v1/memories/${id}`);
    assert.deepEqual([deleted.status, (await json(deleted))['deleted']], [200, 1]);
    assert.equal((await memory.request('GET', `/v1/memories/${id}`)).status, 404);
    assert.equal((await memory.request('DELETE', `/v1/memories/${id}`)).status, 404);
  });

  it('take the fields of a query for what the tool says they are', async () => {
    await using memory = await restMemory();
    await store(memory, { content: 'Tests run in CI', tags: ['ci', 'tests'], pinned: true });
    await store(memory, { content: 'Tests run on laptops', tags: ['tests'] });
    const list = async (query: string) =>
      ((await json(await memory.request('GET', `/v1/memories?${query}`)))['memories'] as Fields[]).length;
    assert.equal(await list('tags=tests'), 2);
    assert.equal(await list('tags=tests&tags=ci'), 1);
    assert.equal(await list('pinned=true'), 1);
    assert.equal(await list('limit=1'), 1);
    const found = await memory.request('GET', '/v1/search?query=laptops&limit=1');
    assert.equal(((await json(found))['memories'] as Fields[])[0]!['content'], 'Tests run on laptops');
    for (const query of ['limit=many', 'pinned=yes', 'colour=red', 'limit=1&limit=2'])
      assert.equal((await memory.request('GET', `/v1/memories?${query}`)).status, 400, query);
  });

  it('refuse a body with what the address says already', async () => {
    await using memory = await restMemory();
    const id = await store(memory, { content: 'One' });
    const answer = await memory.request('PATCH', `/v1/memories/${id}`, { memory_id: id, content: 'Two' });
    assert.equal(answer.status, 400);
    const { title } = await json(answer);
    assert.match(title as string, /no field "memory_id"/);
  });

  it('lead a task from its beginning to its end', async () => {
    await using memory = await restMemory();
    const created = await memory.request('POST', '/v1/tasks', { title: 'Mend the pump' });
    assert.equal(created.status, 201);
    const { id } = await json(created);
    assert.equal(created.headers.get('location'), `/v1/tasks/${id}`);
    assert.equal((await memory.request('PUT', '/v1/agents/worker', {})).status, 200);
    const claim = await memory.request('POST', `/v1/tasks/${id}/claim`, { agent_id: 'worker' });
    const [held] = (await json(claim))['tasks'] as Fields[];
    const proof = { fence: held!['fence'], lease_id: held!['lease_id'], agent_id: 'worker' };
    const progress = await memory.request('POST', `/v1/tasks/${id}/progress`, { progress: 50, ...proof });
    assert.equal((await json(progress))['progress'], 50);
    const done = await memory.request('POST', `/v1/tasks/${id}/complete`, {
      result: { pump: 'mended' },
      ...proof,
    });
    assert.equal(done.status, 200);
    const task = await json(await memory.request('GET', `/v1/tasks/${id}`));
    assert.deepEqual([task['id'], task['state'], task['result']], [id, 'completed', { pump: 'mended' }]);
    const stale = await memory.request('POST', `/v1/tasks/${id}/fail`, { error: 'too late', ...proof });
    assert.equal(stale.status, 409);
    assert.equal((await memory.request('GET', '/v1/tasks/none')).status, 404);
  });

  it('tell how each component is', async () => {
    await using memory = await restMemory();
    const all = (await json(await memory.request('GET', '/v1/health/components')))['checks'] as Fields[];
    assert.ok(all.length > 1);
    for (const { name } of all) {
      const one = await json(await memory.request('GET', `/v1/health/components/${name}`));
      assert.equal(one['name'], name);
    }
    assert.equal((await memory.request('GET', '/v1/health/components/none')).status, 400);
  });

  it('take names with any characters in an address', async () => {
    await using memory = await restMemory();
    const name = 'org/model:7b é%';
    const path = `/v1/models/${encodeURIComponent(name)}`;
    assert.equal((await memory.request('PUT', path, { node: 'gpu-1' })).status, 200);
    assert.equal((await json(await memory.request('GET', path)))['name'], name);
  });
});

async function store(memory: RestMemory, draft: Fields): Promise<unknown> {
  return (await json(await memory.request('POST', '/v1/memories', draft)))['id'];
}

async function json(response: Response): Promise<Fields> {
  return (await response.json()) as Fields;
}
