import assert from 'node:assert/strict';
import { createOpenAiEmbedder } from '../../../src/adapters/openai/openaiEmbedder.ts';
import { createCachedEmbedder } from '../../../src/engine/embedding/cachedEmbedder.ts';
import { embedderContract } from '../../contract/embedder.contract.ts';
import { startEmbeddingServer } from '../../fixtures/embeddingServer.ts';

describe('cachedEmbedder', () => {
  let server: Awaited<ReturnType<typeof startEmbeddingServer>>;
  const create = (capacity?: number) =>
    createCachedEmbedder(
      createOpenAiEmbedder({ baseUrl: server.baseUrl, model: 'test', dimensions: 8, backoffMs: 1 }),
      capacity,
    );
  const asked = () => server.seen.flatMap(request => request.body.input);

  beforeEach(async () => {
    server = await startEmbeddingServer({ dimensions: 8 });
  });
  afterEach(() => server[Symbol.asyncDispose]());

  embedderContract('cachedEmbedder', async () => create());

  it('computes a question once', async () => {
    await using embedder = create();
    const first = await embedder.embed(['q']);
    assert.deepEqual(await embedder.embed(['q']), first);
    assert.deepEqual(asked(), ['q']);
  });

  it('forgets the question that was used longest ago', async () => {
    await using embedder = create(2);
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) await embedder.embed([text]);
    assert.deepEqual(asked(), ['a', 'b', 'c', 'b']);
  });

  it('serves batches from the cache, computes equal texts once, and keeps none of them', async () => {
    await using embedder = create();
    const [q] = await embedder.embed(['q']);
    const batch = await embedder.embed(['x', 'q', 'x', 'y']);
    assert.deepEqual(batch[1], q);
    assert.deepEqual(batch[0], batch[2]);
    assert.notDeepEqual(batch[0], batch[3]);
    await embedder.embed(['x']);
    assert.deepEqual(asked(), ['q', 'x', 'y', 'x']);
  });

  it('keeps no over-long text', async () => {
    await using embedder = create();
    const long = 'x'.repeat(4_001);
    await embedder.embed([long]);
    await embedder.embed([long]);
    assert.equal(asked().length, 2);
  });

  it('is not changed by what a caller does to its vector', async () => {
    await using embedder = create();
    const [first] = await embedder.embed(['q']);
    const kept = first!.slice();
    first!.fill(0);
    assert.deepEqual((await embedder.embed(['q']))[0], kept);
  });

  it('keeps nothing of a call that failed', async () => {
    await using embedder = create();
    await assert.rejects(embedder.embed(['q'], AbortSignal.abort()));
    await embedder.embed(['q']);
    assert.deepEqual(asked(), ['q']);
  });
});
