import assert from 'node:assert/strict';
import { type RestMemory, restMemory } from '../../fixtures/restMemory.ts';

interface Page {
  readonly memories: readonly { readonly id: string }[];
  readonly total: number;
  readonly next?: string;
}

describe('pages over REST', () => {
  it('show each memory once, though others are stored meanwhile', async () => {
    await using memory = await restMemory();
    const ids = await storeSome(memory, 7, 'before');
    const seen: string[] = [];
    let path = '/v1/memories?limit=3';
    for (;;) {
      const answer = await memory.request('GET', path);
      const page = (await answer.json()) as Page;
      seen.push(...page.memories.map(one => one.id));
      const link = answer.headers.get('link');
      assert.equal(link, page.next ? `</v1/memories?cursor=${page.next}>; rel="next"` : null);
      if (!page.next) break;
      await storeSome(memory, 2, `after ${seen.length}`);
      path = `/v1/memories?cursor=${page.next}`;
    }
    assert.deepEqual(seen.toSorted(), ids.toSorted());
  });

  it('keep the filters of the first, and refuse others', async () => {
    await using memory = await restMemory();
    await storeSome(memory, 3, 'tagged', ['ci']);
    await storeSome(memory, 3, 'plain');
    const first = (await (await memory.request('GET', '/v1/memories?limit=2&tags=ci')).json()) as Page;
    assert.deepEqual([first.memories.length, first.total], [2, 3]);
    const rest = (await (await memory.request('GET', `/v1/memories?cursor=${first.next}`)).json()) as Page;
    assert.deepEqual([rest.memories.length, rest.next], [1, undefined]);
    for (const [query, status] of [
      [`cursor=${first.next}&tags=ci&limit=1`, 200],
      [`cursor=${first.next}&tags=other`, 400],
      [`cursor=${Buffer.from('{"colour":"red"}').toString('base64url')}`, 400],
      [`cursor=${Buffer.from('[1]').toString('base64url')}`, 400],
      ['cursor=none', 400],
      ['offset=2', 400],
    ] as const)
      assert.equal((await memory.request('GET', `/v1/memories?${query}`)).status, status, query);
  });

  it('are of tasks, too', async () => {
    await using memory = await restMemory();
    for (const title of ['a', 'b', 'c']) await memory.request('POST', '/v1/tasks', { title });
    const titles: string[] = [];
    for (let path: string | undefined = '/v1/tasks?limit=2'; path; ) {
      const page = (await (await memory.request('GET', path)).json()) as {
        tasks: { title: string }[];
        next?: string;
      };
      titles.push(...page.tasks.map(task => task.title));
      path = page.next && `/v1/tasks?cursor=${page.next}`;
    }
    assert.deepEqual(titles.toSorted(), ['a', 'b', 'c']);
  });
});

async function storeSome(
  memory: RestMemory,
  count: number,
  text: string,
  tags?: string[],
): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const answer = await memory.request('POST', '/v1/memories', {
      content: `${text} ${i}`,
      ...(tags && { tags }),
    });
    ids.push(((await answer.json()) as { id: string }).id);
  }
  return ids;
}
