import assert from 'node:assert/strict';
import { join } from 'node:path';
import { connectRedis } from '../../src/adapters/redis/connectRedis.ts';
import { callerNamed, claude } from '../fixtures/callers.ts';
import { startEmbeddingServer } from '../fixtures/embeddingServer.ts';
import { never, openEngine } from '../fixtures/engine.ts';
import { type RedisServer, startRedis } from '../fixtures/redis.ts';
import { redisOptions } from '../fixtures/redisOptions.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

const DIMENSIONS = 8;
const TEXT = 'the red door is open';

describe('vectors of an endpoint', () => {
  let redis: RedisServer;
  let endpoint: Awaited<ReturnType<typeof startEmbeddingServer>>;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    redis = await startRedis();
    endpoint = await startEmbeddingServer({ dimensions: DIMENSIONS });
    folder = await temporaryFolder();
  });

  afterEach(async () => {
    await folder[Symbol.asyncDispose]();
    await endpoint[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  /** A machine with a store of its own, and the cache of all. */
  const open = (name: string) =>
    openEngine(join(folder.path, name), {
      'embedding.model': 'test',
      'embedding.baseUrl': endpoint.baseUrl,
      'embedding.dimensions': DIMENSIONS,
      'cache.redisUrl': redis.url,
    });
  const asked = () => endpoint.seen.flatMap(request => request.body.input);
  const store = async (name: string, content: string, caller = claude, fields = {}) => {
    await using engine = await open(name);
    await engine.memories.store([{ content, ...fields }], caller);
    await engine.settled(never);
    const { memories, mode } = await engine.recall.search({ text: 'anything', limit: 5 }, caller, never);
    assert.deepEqual([mode, memories.map(({ memory }) => memory.content)], ['hybrid', [content]]);
    return memories[0]!.score;
  };

  it('are asked for once a text and namespace, on whatever machine', async () => {
    const first = await store('one', TEXT);
    const again = await store('two', TEXT);
    assert.equal(asked().filter(text => text === TEXT).length, 1);
    assert.ok(Math.abs(first - again) < 1e-3);
    await store('three', TEXT, callerNamed('claude-code', 'other'));
    assert.equal(asked().filter(text => text === TEXT).length, 2);
  });

  it('of sensitive memories are neither kept nor taken', async () => {
    await store('one', TEXT, claude, { sensitive: true });
    assert.equal(await redis.cli('--scan', '--pattern', 'cache:*'), '');
    await store('two', TEXT);
    await store('three', TEXT, claude, { sensitive: true });
    assert.equal(asked().filter(text => text === TEXT).length, 3);
  });

  it('are asked for anew where what is cached is of no use', async () => {
    await store('one', TEXT);
    const client = await connectRedis(redisOptions({ url: redis.url }));
    const [key] = await client.keys('cache:embeddings:*');
    const poisons = [
      Buffer.from('noise'),
      // As MessagePack: 32 zeros, too few bytes, numbers that are none.
      Buffer.concat([Buffer.from([0xc4, 32]), Buffer.alloc(32)]),
      Buffer.concat([Buffer.from([0xc4, 5]), Buffer.alloc(5)]),
      Buffer.concat([Buffer.from([0xc4, 32]), Buffer.alloc(32, 0xff)]),
    ];
    for (const [i, poison] of poisons.entries()) {
      await client.set(key!, poison);
      await store(`machine ${i}`, TEXT);
      assert.equal(asked().filter(text => text === TEXT).length, 2 + i);
    }
    client.disconnect();
  });

  it('are asked for where the cache is away', async () => {
    await redis.kill();
    await store('one', TEXT);
    assert.equal(asked().filter(text => text === TEXT).length, 1);
  });
});
