import assert from 'node:assert/strict';
import type { Rights } from '../../../../src/engine/model/rights.ts';
import { bearers } from '../../../../src/surfaces/http/authenticate.ts';
import type { AgentMemoryOptions } from '../../../../src/surfaces/rest/agentMemory/agentMemory.ts';
import { startRestServer } from '../../../../src/surfaces/rest/restServer.ts';
import { callerNamed } from '../../../fixtures/callers.ts';
import { type RestMemory, restMemory } from '../../../fixtures/restMemory.ts';

const RIGHTS: Readonly<Record<string, Rights>> = {
  reader: { scopes: ['read'], namespaces: ['shop'] },
  writer: { scopes: ['read', 'write'], namespaces: ['shop'] },
  worker: { scopes: ['tasks'] },
};
const opensNothing = bearers([]);
const SEARCH = '/v1/long-term-memory/search';

interface Found {
  readonly memories: readonly { readonly id: string; readonly [field: string]: unknown }[];
  readonly total: number;
}

describe('clients of agent memory servers', () => {
  let memory: RestMemory;

  beforeEach(async () => {
    memory = await restMemory({
      authenticate: async (authorization, peer) => {
        if (authorization === 'Bearer nobody') return opensNothing(authorization, peer);
        const rights = RIGHTS[authorization?.replace('Bearer ', '') ?? ''];
        return rights ? { rights } : {};
      },
    });
  });

  afterEach(() => memory[Symbol.asyncDispose]());

  const call = async (method: string, path: string, body?: unknown, who?: string) => {
    const headers = who === undefined ? {} : { authorization: `Bearer ${who}` };
    const answer = await memory.request(method, path, body, headers);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const tryStore = (memories: readonly object[], who?: string) =>
    call('POST', '/v1/long-term-memory/', { memories }, who);
  const store = async (memories: readonly object[]) =>
    assert.deepEqual(await tryStore(memories), { status: 200, body: { status: 'ok' } });
  const found = async (body: object, who?: string) => {
    const answer = await call('POST', SEARCH, body, who);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body as unknown as Found;
  };
  const ids = async (body: object, who?: string) =>
    (await found(body, who)).memories.map(({ id }) => id).sort();

  it('are told in their own words who may not come, and what is too much', async () => {
    for (const path of [SEARCH, '/v1/working-memory/s1', '/v1/memory/prompt', '/v1/summary-views']) {
      const { status, body } = await call('POST', path, {}, 'nobody');
      assert.equal(status, 401);
      assert.deepEqual(Object.keys(body), ['detail']);
      assert.match(body['detail'] as string, /bearer token.*token create/i);
    }
    const large = await call('POST', SEARCH, { text: 'x'.repeat(9_000_000) });
    assert.equal(large.status, 413);
    assert.equal(typeof large.body['detail'], 'string');
    const refusal = await call('GET', '/v1/memories', undefined, 'nobody');
    assert.equal(refusal.body['code'], 'unauthenticated');
  });

  it('reach nothing beyond their namespaces, by any path', async () => {
    for (const namespace of ['shop', 'bank']) {
      await store([
        { id: `${namespace}-1`, text: `The code of ${namespace} is tangerine`, namespace, topics: ['code'] },
      ]);
      const body = { namespace, context: namespace };
      assert.equal((await call('PUT', `/v1/working-memory/${namespace}`, body)).status, 200);
    }
    for (const who of ['reader', 'writer']) {
      assert.deepEqual(await ids({ text: 'tangerine' }, who), ['shop-1']);
      assert.deepEqual(await ids({ namespace: { ne: 'shop' } }, who), []);
      assert.deepEqual(await ids({ namespace: { startswith: '' } }, who), ['shop-1']);
      const all = await found({ namespace: { none: ['nowhere'] }, topics: { any: ['code'] } }, who);
      assert.deepEqual([all.memories.map(({ id }) => id), all.total], [['shop-1'], 1]);
      for (const namespace of [{ eq: 'bank' }, { any: ['shop', 'bank'] }])
        assert.equal((await call('POST', SEARCH, { namespace }, who)).status, 403);
      assert.equal((await call('GET', '/v1/long-term-memory/bank-1', undefined, who)).status, 404);
      assert.equal((await call('GET', '/v1/long-term-memory/shop-1', undefined, who)).status, 200);
      assert.equal((await call('GET', '/v1/working-memory/bank', undefined, who)).status, 404);
      assert.equal((await call('GET', '/v1/working-memory/bank?namespace=bank', undefined, who)).status, 403);
      const { body: sessions } = await call('GET', '/v1/working-memory/', undefined, who);
      assert.deepEqual(sessions, { sessions: ['shop'], total: 1 });
      const forgetting = { policy: { max_age_days: 0 } };
      const { body: plan } = await call('POST', '/v1/long-term-memory/forget', forgetting, who);
      assert.equal(plan['scanned'], 1);
      const prompt = { query: 'tangerine', long_term_search: { namespace: { eq: 'bank' } } };
      assert.equal((await call('POST', '/v1/memory/prompt', prompt, who)).status, 403);
      const session = { query: 'hi', session: { session_id: 'bank', namespace: 'bank' } };
      assert.equal((await call('POST', '/v1/memory/prompt', session, who)).status, 403);
    }
    const stolen = { memories: [{ id: 'm', text: 'promoted', namespace: 'bank' }] };
    for (const [method, path, body] of [
      ['POST', '/v1/long-term-memory/', { memories: [{ id: 'x', text: 'x', namespace: 'bank' }] }],
      ['PUT', '/v1/working-memory/x', { namespace: 'bank' }],
      ['PUT', '/v1/working-memory/x', stolen],
      ['PATCH', '/v1/long-term-memory/shop-1', { namespace: 'bank' }],
      ['DELETE', '/v1/working-memory/bank?namespace=bank', undefined],
      ['POST', '/v1/long-term-memory/forget?namespace=bank&dry_run=false', { policy: { max_age_days: 0 } }],
      ['POST', '/v1/long-term-memory/compact?namespace=bank', undefined],
    ] as const)
      assert.equal((await call(method, path, body, 'writer')).status, 403, `${method} ${path}`);
    assert.equal((await call('PATCH', '/v1/long-term-memory/bank-1', { text: 'x' }, 'writer')).status, 404);
    const { body: deleted } = await call(
      'DELETE',
      '/v1/long-term-memory?memory_ids=bank-1',
      undefined,
      'writer',
    );
    assert.deepEqual(deleted, { status: 'ok, deleted 0 memories' });
    // An id that another namespace has is not taken over.
    assert.equal((await tryStore([{ id: 'bank-1', text: 'mine now' }], 'writer')).status, 409);
    const kept = await call('GET', '/v1/long-term-memory/bank-1');
    assert.equal(kept.body['text'], 'The code of bank is tangerine');
  });

  it('do what their scopes are for', async () => {
    await store([{ id: 'a', text: 'A fact' }]);
    const reading = [
      ['GET', '/v1/working-memory/', undefined],
      ['POST', SEARCH, {}],
      ['GET', '/v1/long-term-memory/a', undefined],
      ['POST', '/v1/memory/prompt', { query: 'x', long_term_search: true }],
      ['POST', '/v1/long-term-memory/forget', { policy: {} }],
    ] as const;
    const writing = [
      ['PUT', '/v1/working-memory/s', {}],
      ['DELETE', '/v1/working-memory/s', undefined],
      ['POST', '/v1/long-term-memory/', { memories: [{ id: 'b', text: 'B' }] }],
      ['PATCH', '/v1/long-term-memory/a', { text: 'C' }],
      ['DELETE', '/v1/long-term-memory?memory_ids=a', undefined],
      ['POST', '/v1/long-term-memory/forget?dry_run=false', { policy: {} }],
      ['POST', '/v1/long-term-memory/compact', undefined],
    ] as const;
    for (const [method, path, body] of reading) {
      assert.equal((await call(method, path, body, 'reader')).status, 200, path);
      const refused = await call(method, path, body, 'worker');
      assert.equal(refused.status, 403, path);
      assert.match(refused.body['detail'] as string, /scope "read"/);
    }
    for (const [method, path, body] of writing) {
      const refused = await call(method, path, body, 'reader');
      assert.equal(refused.status, 403, path);
      assert.match(refused.body['detail'] as string, /scope "write"/);
    }
    assert.equal((await call('GET', '/v1/long-term-memory/a')).body['text'], 'A fact');
  });

  it('find and change what other agents stored, by its tags', async () => {
    const claude = callerNamed('claude-code');
    const drafts = [
      { id: 'theirs', content: 'Use pnpm in this repository', tags: ['tooling', 'node'], session: 's1' },
      {
        id: 'private',
        content: 'A private note on tooling',
        tags: ['tooling'],
        visibility: 'private' as const,
      },
    ];
    await memory.engine.memories.store(drafts, claude);
    await store([{ id: 'own', text: 'Tests run with mocha', topics: ['Tooling'], memory_type: 'episodic' }]);
    assert.deepEqual(await ids({ topics: { any: ['tooling'] } }), ['own', 'theirs']);
    assert.deepEqual(await ids({ text: 'pnpm mocha', topics: { all: ['tooling', 'node'] } }), ['theirs']);
    assert.deepEqual(await ids({ topics: { none: ['node'] } }), ['own']);
    assert.deepEqual(await ids({ topics: { startswith: 'too' }, text: 'pnpm mocha note' }), [
      'own',
      'theirs',
    ]);
    assert.deepEqual(await ids({ memory_type: { eq: 'semantic' } }), ['theirs']);
    assert.deepEqual(await ids({ session_id: { eq: 's1' } }), ['theirs']);
    const { body: theirs } = await call('GET', '/v1/long-term-memory/theirs');
    assert.deepEqual(
      [theirs['topics'], theirs['user_id'], theirs['namespace']],
      [['node', 'tooling'], null, 'shop'],
    );
    assert.equal((await call('GET', '/v1/long-term-memory/private')).status, 404);

    const { body: edited } = await call('PATCH', '/v1/long-term-memory/theirs', {
      topics: ['packages'],
      user_id: 'ann',
    });
    assert.deepEqual([edited['topics'], edited['user_id']], [['packages'], 'ann']);
    assert.deepEqual(await ids({ topics: { any: ['packages'] }, user_id: { eq: 'ann' } }), ['theirs']);
    assert.deepEqual(await ids({ topics: { any: ['node'] } }), []);
    // To the others it is still what it was, and theirs is to be found with their means.
    const kept = await memory.engine.memories.get('theirs', claude);
    assert.ok(['tooling', 'node', 'topic:packages', 'user:ann'].every(tag => kept.tags.includes(tag)));
    const { memories } = await memory.engine.recall.search(
      { text: 'mocha', tags: ['topic:tooling'], limit: 5 },
      claude,
      new AbortController().signal,
    );
    assert.deepEqual(
      memories.map(one => one.memory.id),
      ['own'],
    );
  });

  it('are answered all that matches, however long and odd its labels', async () => {
    const long = 'x'.repeat(150);
    const odd = ['Ünïcode ☃', 'a,b|c', '{x}', '"quoted"', ' spaced '];
    await store([
      { id: 'a', text: 'first', topics: [`${long}1`, ...odd], user_id: `${long}ann` },
      { id: 'b', text: 'second', topics: [`${long}2`], user_id: `${long}bob` },
    ]);
    assert.deepEqual(await ids({ topics: { any: [`${long}1`] } }), ['a']);
    assert.deepEqual(await ids({ topics: { none: [`${long}1`] } }), ['b']);
    assert.deepEqual(await ids({ user_id: { eq: `${long}bob` } }), ['b']);
    assert.deepEqual(await ids({ user_id: { startswith: `${long}a` } }), ['a']);
    assert.deepEqual(await ids({ user_id: { startswith: 'xx' } }), ['a', 'b']);
    for (const topic of odd)
      assert.deepEqual(await ids({ topics: { all: [topic] }, text: 'first' }), ['a'], topic);
    const { body } = await call('GET', '/v1/long-term-memory/a');
    assert.deepEqual([body['topics'], body['user_id']], [[`${long}1`, ...odd], `${long}ann`]);
    const many = await tryStore([
      { id: 'c', text: 'third', topics: Array.from({ length: 80 }, (_, i) => `t${i}`) },
    ]);
    assert.equal(many.status, 413);
    assert.match(many.body['detail'] as string, /tags/);
  });

  it('page through what a filter on times leaves of many', async () => {
    const day = 86_400_000;
    const from = Date.UTC(2025, 0, 1);
    const records = Array.from({ length: 240 }, (_, i) => ({
      id: `n${String(i).padStart(3, '0')}`,
      text: `note ${i}`,
      event_date: new Date(from + i * day).toISOString(),
    }));
    await store(records);
    const wanted = records.slice(100, 160).map(({ id }) => id);
    const event_date = { between: [records[100]!.event_date, records[159]!.event_date] };
    for (const text of ['', 'note']) {
      const seen: string[] = [];
      for (let offset: number | null = 0; offset !== null; ) {
        const page = await call('POST', SEARCH, {
          text,
          event_date,
          limit: 25,
          offset,
          search_mode: 'keyword',
        });
        const { memories } = page.body as unknown as Found;
        seen.push(...memories.map(({ id }) => id));
        offset = page.body['next_offset'] as number | null;
      }
      assert.deepEqual(seen.sort(), wanted, text);
    }
  });

  describe('that count on what servers did differently', () => {
    const other = async (options: AgentMemoryOptions) => {
      const server = await startRestServer({ ...memory.deps, agentMemory: options }, 0);
      const ask = async (path: string, body?: unknown) => {
        const answer = await fetch(server.url + path, {
          ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
          headers: { 'content-type': 'application/json' },
        });
        return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
      };
      return { ask, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
    };

    it('get an empty working memory for an unknown session, where that is set', async () => {
      await using server = await other({ unnamed: 'own', unknownSession: 'empty' });
      const { body, status } = await server.ask('/v1/working-memory/none?namespace=shop&user_id=ann');
      assert.deepEqual(
        [status, body['session_id'], body['user_id'], body['namespace'], body['messages'], body['data']],
        [200, 'none', 'ann', 'shop', [], {}],
      );
      assert.deepEqual([body['unsaved'], body['new_session']], [true, true]);
      const { body: sessions } = await server.ask('/v1/working-memory/');
      assert.deepEqual(sessions, { sessions: [], total: 0 });
    });

    it('read in all namespaces where they name none, where that is set', async () => {
      await using server = await other({ unnamed: 'all', unknownSession: 'not_found' });
      await store([{ id: 'b', text: 'Of the bank', namespace: 'bank' }]);
      await call('PUT', '/v1/working-memory/b', { namespace: 'bank', context: 'of the bank' });
      assert.deepEqual(await ids({ text: 'bank' }), []);
      const { body } = await server.ask(SEARCH, { text: 'bank' });
      assert.deepEqual(
        (body as unknown as Found).memories.map(({ id }) => id),
        ['b'],
      );
      const none = await server.ask(SEARCH, { text: 'bank', namespace: { eq: 'shop' } });
      assert.deepEqual((none.body as unknown as Found).memories, []);
      assert.equal((await server.ask('/v1/working-memory/b')).body['context'], 'of the bank');
      assert.equal((await call('GET', '/v1/working-memory/b')).status, 404);
    });
  });

  it('store one record each where many store the same id at once', async () => {
    const texts = Array.from({ length: 12 }, (_, i) => `text ${i}`);
    const answers = await Promise.all(texts.map(text => tryStore([{ id: 'same', text }])));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const { body } = await call('GET', '/v1/long-term-memory/same');
    assert.ok(texts.includes(body['text'] as string));
    assert.deepEqual(await ids({}), ['same']);
  });

  it('are told 404 of a session that several could be', async () => {
    for (const user of ['ann', 'bob'])
      await call('PUT', '/v1/working-memory/s', { user_id: user, context: user });
    assert.equal((await call('GET', '/v1/working-memory/s')).status, 404);
    assert.equal((await call('GET', '/v1/working-memory/s?user_id=bob')).body['context'], 'bob');
    await call('PUT', '/v1/working-memory/s', { context: 'nobody' });
    assert.equal((await call('GET', '/v1/working-memory/s')).body['context'], 'nobody');
  });

  it('have a working memory for as long as they said', async () => {
    const path = '/v1/working-memory/s';
    assert.equal((await call('PUT', path, { ttl_seconds: 3600 })).body['ttl_seconds'], 3600);
    assert.equal((await call('PUT', path, { ttl_seconds: 0 })).status, 422);
    assert.equal((await call('GET', path)).body['ttl_seconds'], 3600);
  });
});
