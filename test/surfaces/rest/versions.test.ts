import assert from 'node:assert/strict';
import { restMemory } from '../../fixtures/restMemory.ts';

describe('versions over REST', () => {
  it('answer 304 to who has the memory as it is', async () => {
    await using memory = await restMemory();
    const { path } = await stored(memory.request);
    const asked = (tag: string) => memory.request('GET', path, undefined, { 'if-none-match': tag });
    for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*']) {
      const answer = await asked(tag);
      assert.deepEqual([answer.status, answer.headers.get('etag'), await answer.text()], [304, '"1"', '']);
    }
    for (const tag of ['"2"', '', ',', '1', 'x']) assert.equal((await asked(tag)).status, 200, tag);
  });

  it('change only the version that If-Match names', async () => {
    await using memory = await restMemory();
    const { path } = await stored(memory.request);
    const change = (tag: string, content: string) =>
      memory.request('PATCH', path, { content }, { 'if-match': tag });
    assert.equal((await change('"1"', 'two')).status, 200);
    for (const tag of ['"1"', 'W/"2"', '"x"', '""']) {
      const answer = await change(tag, 'three');
      assert.equal(answer.status, 412, tag);
      assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    }
    assert.equal((await change('"9", "2"', 'four')).status, 200);
    assert.equal((await change('*', 'five')).status, 200);
    const read = await memory.request('GET', path);
    assert.deepEqual(
      [((await read.json()) as { content: string }).content, read.headers.get('etag')],
      ['five', '"4"'],
    );
  });

  it('delete only the version that If-Match names', async () => {
    await using memory = await restMemory();
    const { path } = await stored(memory.request);
    await memory.request('PATCH', path, { content: 'two' });
    const remove = (tag: string) => memory.request('DELETE', path, undefined, { 'if-match': tag });
    assert.equal((await remove('"1"')).status, 412);
    assert.equal((await remove('"2"')).status, 200);
    assert.equal((await memory.request('GET', path)).status, 404);
  });

  it('let one of many win who change the same version at once', async () => {
    await using memory = await restMemory();
    const { path } = await stored(memory.request);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        memory.request('PATCH', path, { content: `text ${i}` }, { 'if-match': '"1"' }),
      ),
    );
    const statuses = answers.map(answer => answer.status).sort();
    assert.deepEqual(statuses, [200, ...Array(19).fill(412)]);
  });
});

async function stored(
  request: (method: string, path: string, body?: unknown) => Promise<Response>,
): Promise<{ readonly path: string }> {
  const { headers } = await request('POST', '/v1/memories', { content: 'one' });
  return { path: headers.get('location')! };
}
