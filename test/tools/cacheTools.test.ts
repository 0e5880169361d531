import assert from 'node:assert/strict';
import { MemoryError } from '../../src/engine/errors.ts';
import { callToolsOn } from '../../src/tools/callTool.ts';
import { toolsFor } from '../../src/tools/registry.ts';
import { claude, editor } from '../fixtures/callers.ts';
import { openEngine } from '../fixtures/engine.ts';
import { filesHolding } from '../fixtures/filesHolding.ts';
import { type RedisServer, startRedis } from '../fixtures/redis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

async function opened(settings: Readonly<Record<string, unknown>> = {}) {
  const folder = await temporaryFolder();
  const engine = await openEngine(folder.path, { 'embedding.provider': 'off', ...settings });
  const call = callToolsOn(async () => engine);
  return {
    folder: folder.path,
    call: async (name: string, input: unknown, caller = claude) =>
      (await call(name, input, caller)).structured as Record<string, unknown>,
    text: async (name: string, input: unknown) => (await call(name, input, claude)).text,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

type Stats = {
  servers: { used_bytes: number; commands_processed?: number; connected_clients?: number }[];
  caches: Record<string, { entries: number; hits: number; misses: number; hit_ratio: number | null }>;
  tool_results: { hits: number; misses: number; hit_ratio: number | null };
  process: { caches: Record<string, { entries: number; hits: number; hit_ratio: number | null }> };
};

describe('the tools on caches', () => {
  let redis: RedisServer;

  before(async () => {
    redis = await startRedis();
  });

  after(() => redis[Symbol.asyncDispose]());

  const places = { 'a file': () => ({}), Redis: () => ({ 'cache.redisUrl': redis.url }) };
  for (const [name, settings] of Object.entries(places)) {
    it(`put, get, forget by file and by pattern, and clear, in ${name}`, async () => {
      await using memory = await opened(settings());
      const value = { text: 'naïve 🦊', list: [1, null, true], nested: { deep: 'x'.repeat(5_000) } };
      const put = (cache: string, key: string, more = {}) =>
        memory.call('cache_put', { cache, key, value, ...more });
      const found = async (cache: string, key: string) =>
        (await memory.call('cache_get', { cache, key }))['found'];
      assert.deepEqual(await put('processing_results', 'a.ts', { file_hash: 'f1' }), { stored: true });
      await put('embeddings', 'a.ts', { file_hash: 'f1' });
      await put('responses', 'how to deploy', { file_hash: 'f2' });
      await put('responses', 'why deploy', { ttl_seconds: 60 });
      assert.deepEqual(await memory.call('cache_get', { cache: 'processing_results', key: 'a.ts' }), {
        found: true,
        value,
      });
      assert.deepEqual(await memory.call('invalidate_file_cache', { file_hash: 'f1' }), { forgotten: 2 });
      assert.deepEqual(await memory.call('invalidate_search_cache', { pattern: 'how *' }), { forgotten: 1 });
      assert.deepEqual(
        [await found('processing_results', 'a.ts'), await found('responses', 'how to deploy')],
        [false, false],
      );
      assert.equal(await found('responses', 'why deploy'), true);
      await assert.rejects(memory.call('clear_cache', {}), error => MemoryError.is(error, 'invalid_input'));
      await put('models', 'm');
      assert.deepEqual(await memory.call('clear_cache', { cache: 'responses', confirm: true }), {
        forgotten: 1,
      });
      assert.equal(await found('models', 'm'), true);
      assert.equal(await memory.text('clear_cache', { confirm: true }), 'Forgot 1 entry.');
      assert.equal(await found('models', 'm'), false);
    });

    it(`keep a session for its principal, and a conversation for all, in ${name}`, async () => {
      await using memory = await opened(settings());
      const session = { cache: 'sessions', key: 's' };
      await memory.call('cache_put', { ...session, value: 'mine' });
      assert.deepEqual(await memory.call('cache_get', session), { found: true, value: 'mine' });
      assert.deepEqual(await memory.call('cache_get', session, editor), { found: false });
      const conversation = { conversation_id: 'c' };
      for (const [role, content] of [
        ['user', 'hello'],
        ['assistant', 'good day'],
      ])
        assert.deepEqual(await memory.call('append_conversation', { ...conversation, role, content }), {
          stored: true,
        });
      assert.equal(await memory.text('read_conversation', conversation), 'user: hello\nassistant: good day');
      const { messages } = await memory.call('read_conversation', { ...conversation, limit: 1 }, editor);
      assert.equal((messages as { role: string }[])[0]!.role, 'assistant');
      assert.deepEqual(await memory.call('read_conversation', { conversation_id: 'd' }), { messages: [] });
    });

    it(`tell entries, hits and misses, and what the server says, in ${name}`, async () => {
      await using memory = await opened(settings());
      await memory.call('clear_cache', { confirm: true });
      const before = (await memory.call('cache_stats', {})) as Stats;
      await memory.call('cache_put', { cache: 'models', key: 'm', value: 1 });
      for (const key of ['m', 'm', 'm', 'n']) await memory.call('cache_get', { cache: 'models', key });
      await memory.call('store_memory', { content: 'the red door' });
      for (let i = 0; i < 4; i++) await memory.call('semantic_search', { query: 'red door' });
      const after = (await memory.call('cache_stats', {})) as Stats;
      const { entries, hits, misses } = after.caches['models']!;
      const old = before.caches['models'] ?? { hits: 0, misses: 0 };
      assert.deepEqual([entries, hits - old.hits, misses - old.misses], [1, 3, 1]);
      assert.equal(after.process.caches['responses']!.hits, 3);
      assert.equal(after.process.caches['responses']!.hit_ratio, 0.75);
      assert.ok(after.servers[0]!.used_bytes > 0);
      if (name === 'Redis')
        assert.ok(after.servers[0]!.commands_processed! > 5 && after.servers[0]!.connected_clients! > 0);
      assert.match(await memory.text('cache_stats', {}), /models: 1 entry, \d+ % hits/);
    });
  }

  it('forget what a process has answered', async () => {
    await using memory = await opened();
    await memory.call('store_memory', { content: 'the red door' });
    for (const query of ['red door', 'the door']) await memory.call('semantic_search', { query });
    assert.deepEqual(await memory.call('invalidate_search_cache', { pattern: '*red*' }), { forgotten: 1 });
    assert.deepEqual(await memory.call('clear_cache', { cache: 'responses', confirm: true }), {
      forgotten: 1,
    });
  });

  it('show bytes as base64', async () => {
    await using memory = await opened({ 'cache.redisUrl': redis.url });
    // MessagePack of {"v": <00 ff>}.
    const bytes = [129, 161, 118, 196, 2, 0, 255]
      .map(byte => `\\${byte.toString().padStart(3, '0')}`)
      .join('');
    await redis.cli('eval', `return redis.call('SET', 'cache:models:raw', "${bytes}")`, '0');
    assert.deepEqual(await memory.call('cache_get', { cache: 'models', key: 'raw' }), {
      found: true,
      value: { v: 'AP8=' },
    });
  });

  it('are for services and operators, not for agents', () => {
    const names = (surface: 'mcp' | 'editor' | 'rest' | 'cli') =>
      toolsFor(surface).flatMap(({ name }) => (/cache|conversation/.test(name) ? [name] : []));
    assert.deepEqual([names('mcp'), names('editor')], [[], []]);
    assert.equal(names('rest').length, 8);
    assert.deepEqual(names('rest'), names('cli'));
  });

  it('leave no text of a sensitive memory in any cache', async () => {
    const secret = 'ostrich in the cellar';
    await using memory = await opened({
      'redis.url': redis.url,
      'encryption.key': Buffer.alloc(32, 7).toString('base64'),
      'embedding.provider': 'local',
    });
    await memory.call('store_memory', { content: `The ${secret} knows 4711.`, sensitive: true });
    for (let i = 0; i < 3; i++) {
      const { memories } = await memory.call('semantic_search', { query: 'what does the ostrich know' });
      assert.equal((memories as unknown[]).length, 1);
    }
    assert.deepEqual(await filesHolding(memory.folder, secret), []);
    const keys = (await redis.cli('keys', '*')).split('\n');
    assert.ok(keys.some(key => key.startsWith('memory:')));
    await redis.cli('save');
    const folder = (await redis.cli('config', 'get', 'dir')).split('\n')[1]!;
    assert.deepEqual(await filesHolding(folder, secret), []);
  });
});
