import assert from 'node:assert/strict';
import { connectRedis, type RedisClient } from '../../../../src/adapters/redis/connectRedis.ts';
import { refuses } from '../../../contract/records/refuses.ts';
import { callerNamed } from '../../../fixtures/callers.ts';
import { never } from '../../../fixtures/engine.ts';
import type { RedisServer } from '../../../fixtures/redis.ts';
import { redisOptions } from '../../../fixtures/redisOptions.ts';
import { startRedisWithSearch } from '../../../fixtures/redisWithSearch.ts';
import { type RestMemory, restMemory } from '../../../fixtures/restMemory.ts';

const MADE = 1_746_354_615.123456;
const VECTOR = Buffer.from(Float32Array.from({ length: 1536 }, (_, i) => i / 1536).buffer);

/** A hash as release 0.15 writes it: all texts, lists with commas, times as Unix seconds. */
const record = {
  ...{ text: 'Ann likes teal', id_: 'r1', session_id: 's1', user_id: 'ann', namespace: 'shop' },
  ...{ memory_type: 'episodic', topics: 'colours,taste', entities: 'Ann', memory_hash: 'abc' },
  ...{ discrete_memory_extracted: 't', pinned: '1', access_count: '3', extracted_from: 'm1,m2' },
  ...{ created_at: `${MADE}`, last_accessed: `${MADE + 60}`, updated_at: `${MADE + 30}` },
  ...{ persisted_at: `${MADE + 1}`, event_date: '1746000000', vector: VECTOR },
};
const bare = {
  ...{
    text: 'A fact of nobody',
    id_: 'r2',
    session_id: '',
    user_id: '',
    namespace: '',
    memory_type: 'semantic',
  },
  ...{ topics: '', entities: '', memory_hash: '', discrete_memory_extracted: 't', pinned: '0' },
  ...{
    access_count: '0',
    extracted_from: '',
    created_at: '1746354615',
    last_accessed: '1746354615',
    vector: VECTOR,
  },
};
const conversation = {
  messages: [
    {
      ...{ role: 'user', content: 'Hi', id: 'm1', created_at: '2025-05-04T10:30:15.123456Z' },
      ...{ persisted_at: null, discrete_memory_extracted: 'f' },
    },
  ],
  memories: [
    {
      ...{ id: 'r1', text: 'Ann likes teal', memory_type: 'semantic', topics: ['colours'], entities: null },
      ...{ persisted_at: '2025-05-04T10:31:00Z', created_at: '2025-05-04T10:30:00Z', access_count: 0 },
    },
  ],
  ...{ context: 'A greeting', user_id: 'ann', tokens: 5, session_id: 's1', namespace: 'shop' },
  ...{ ttl_seconds: 3600, data: { theme: { dark: true } } },
  long_term_memory_strategy: { strategy: 'summary', config: { max: 2 } },
  ...{ last_accessed: 1_746_354_700, created_at: 1_746_354_600, updated_at: 1_746_354_700 },
};

describe('what an agent memory server keeps in Redis', function () {
  this.timeout(120_000);
  let redis: RedisServer;
  let client: RedisClient;
  let memory: RestMemory;

  before(async () => {
    redis = await startRedisWithSearch();
    client = await connectRedis(redisOptions({ url: redis.url }));
    memory = await restMemory({ caller: name => callerNamed(name, 'server') });
    await client.hset('memory_idx:r1', record);
    await client.hset('memory_idx:r2', bare);
    // As releases before did.
    await client.hset('memory:r3', { ...bare, text: 'Older', id_: 'r3', topics: 'a|b', namespace: 'shop' });
    await client.call('JSON.SET', 'working_memory:shop:ann:s1', '$', JSON.stringify(conversation));
    await client.expire('working_memory:shop:ann:s1', 3600);
    const older = { ...conversation, session_id: 's2', user_id: null, namespace: null, ttl_seconds: null };
    await client.set('working_memory:s2', JSON.stringify(older));
    // What is not to be taken.
    await client.set('working_memory:migration:complete', 'true');
    await client.set('working_memory:torn', '{"session_id":');
    await client.hset('memory_idx:empty', { ...bare, id_: 'empty', text: '' });
    await client.hset('memory_idx:odd', { ...bare, id_: 'odd', text: 'Odd', namespace: 'no,such' });
    await client.hset('memory:ours', { content: 'not theirs' });
    await client.set('memory_idx:text', 'not a hash');
    await client.hset('session:other', { id_: 'x', text: 'y' });
  });

  after(async () => {
    client.disconnect();
    await memory[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  const imported = (dryRun = false) =>
    memory.engine.transfer.import(
      { path: redis.url, kind: 'auto' },
      { prune: false, dryRun },
      { ...callerNamed('cli', 'server'), person: true },
      never,
      () => {},
    );
  const got = async (path: string) =>
    (await memory.request('GET', path)).json() as Promise<Record<string, unknown>>;

  it('is told of by a dry run, which takes nothing', async () => {
    const { added, problems } = await imported(true);
    assert.equal(added, 6);
    assert.equal(problems.length, 2);
    assert.equal((await memory.request('GET', '/v1/long-term-memory/r1')).status, 404);
  });

  it('is taken once, with what cannot be taken named', async () => {
    const first = await imported();
    assert.deepEqual([first.added, first.skipped], [5, 3]);
    assert.deepEqual(first.problems.map(({ where }) => where).sort(), [
      'memory_idx:empty',
      'odd',
      'working_memory:torn',
    ]);
    const again = await imported();
    assert.deepEqual([again.added, again.updated, again.unchanged], [0, 0, 5]);
  });

  it('is answered as it was', async () => {
    const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/\.000Z$/, 'Z');
    const { memory_hash: _, ...first } = await got('/v1/long-term-memory/r1');
    assert.deepEqual(first, {
      ...{ id: 'r1', text: 'Ann likes teal', session_id: 's1', user_id: 'ann', namespace: 'shop' },
      ...{ memory_type: 'episodic', topics: ['colours', 'taste'], entities: ['Ann'] },
      ...{ pinned: true, access_count: 3, discrete_memory_extracted: 't', extracted_from: ['m1', 'm2'] },
      created_at: '2025-05-04T10:30:15.123456Z',
      updated_at: '2025-05-04T10:30:45.123456Z',
      // Counted uses are kept in whole milliseconds.
      last_accessed: '2025-05-04T10:31:15.123000Z',
      persisted_at: '2025-05-04T10:30:16.123456Z',
      event_date: iso(1_746_000_000),
      ...{ extraction_strategy: 'discrete', extraction_strategy_config: {} },
    });
    const second = await got('/v1/long-term-memory/r2');
    assert.deepEqual(
      [second['namespace'], second['user_id'], second['session_id'], second['topics']],
      [null, null, null, null],
    );
    assert.equal(second['created_at'], iso(1_746_354_615));
    assert.deepEqual((await got('/v1/long-term-memory/r3'))['topics'], ['a', 'b']);
  });

  it('is found by words and filters, in its namespace', async () => {
    const found = async (body: object) => {
      const answer = await memory.request('POST', '/v1/long-term-memory/search', body);
      const { memories } = (await answer.json()) as { memories: { id: string }[] };
      return memories.map(({ id }) => id);
    };
    const shop = { namespace: { eq: 'shop' } };
    assert.deepEqual(await found({ text: 'teal', ...shop }), ['r1']);
    assert.deepEqual(
      await found({ ...shop, user_id: { eq: 'ann' }, topics: { all: ['colours', 'taste'] } }),
      ['r1'],
    );
    assert.deepEqual(await found({ ...shop, event_date: { lt: '2025-05-01T00:00:00Z' } }), ['r1']);
    assert.deepEqual(await found({ text: 'nobody', namespace: { eq: 'global' } }), ['r2']);
  });

  it('has its conversations, for as long as they were to last', async () => {
    const first = await got('/v1/working-memory/s1?namespace=shop&user_id=ann');
    assert.deepEqual(first['messages'], conversation.messages);
    assert.deepEqual(
      [
        first['context'],
        first['tokens'],
        first['data'],
        first['ttl_seconds'],
        first['long_term_memory_strategy'],
      ],
      ['A greeting', 5, { theme: { dark: true } }, 3600, conversation.long_term_memory_strategy],
    );
    const [kept] = first['memories'] as Record<string, unknown>[];
    assert.deepEqual([kept!['id'], kept!['persisted_at']], ['r1', '2025-05-04T10:31:00Z']);
    const second = await got('/v1/working-memory/s2?namespace=global');
    assert.deepEqual([second['session_id'], second['namespace'], second['ttl_seconds']], ['s2', null, null]);
  });

  it('is left as it is, and needs an address that answers', async () => {
    assert.equal(await client.hget('memory_idx:r1', 'text'), 'Ann likes teal');
    const caller = callerNamed('cli');
    const from = (path: string, kind: 'auto' | 'agent-memory') =>
      memory.engine.transfer.import({ path, kind }, { prune: false, dryRun: false }, caller, never, () => {});
    // The address was given: no setting is to be corrected.
    const told = (code: string) => (error: Error & { code: string; fix: string }) =>
      error.code === code && !`${error.message} ${error.fix}`.includes('REDIS_');
    await assert.rejects(from('redis://127.0.0.1:1', 'auto'), told('unavailable'));
    await assert.rejects(from('redis://127.0.0.1:1/first', 'auto'), told('invalid_input'));
    await refuses('invalid_input', from('/tmp', 'agent-memory'));
  });
});
