import assert from 'node:assert/strict';
import { createOpenAiEmbedder } from '../../../src/adapters/openai/openaiEmbedder.ts';
import { BoundedCache } from '../../../src/engine/caches/boundedCache.ts';
import { createCachedEmbedder } from '../../../src/engine/embedding/cachedEmbedder.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { embedderContract } from '../../contract/embedder.contract.ts';
import { startEmbeddingServer } from '../../fixtures/embeddingServer.ts';

describe('cachedEmbedder', () => {
  let server: Awaited<ReturnType<typeof startEmbeddingServer>>;
  const create = (maxBytes = 1_000_000) =>
    createCachedEmbedder(
      createOpenAiEmbedder({ baseUrl: server.baseUrl, model: 'test', dimensions: 8, backoffMs: 1 }),
      new BoundedCache({ maxBytes, eviction: 'lru' }),
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

  it('computes a question once that many ask at the same time, though some of them give up', async () => {
    await using embedder = create();
    const [one, two] = [new AbortController(), new AbortController()];
    const stay = Array.from({ length: 50 }, () => embedder.embed(['q']));
    const go = [one, two].map(({ signal }) => embedder.embed(['q'], signal));
    one.abort();
    two.abort();
    for (const gone of go) await assert.rejects(gone, error => MemoryError.is(error, 'cancelled'));
    const vectors = (await Promise.all(stay)).flat();
    assert.equal(new Set(vectors.map(vector => vector.join())).size, 1);
    assert.equal(new Set(vectors).size, 50);
    assert.deepEqual(asked(), ['q']);
  });

  it('breaks a question off when nobody waits for it any more, and begins it anew for the next', async () => {
    await using embedder = create();
    const all = Array.from({ length: 3 }, () => new AbortController());
    const gone = all.map(({ signal }) => embedder.embed(['q'], signal));
    for (const one of all) one.abort();
    const next = embedder.embed(['q']);
    for (const one of gone) await assert.rejects(one);
    assert.equal((await next).length, 1);
  });

  it('asks once more for who came while it was asked in vain', async () => {
    await server[Symbol.asyncDispose]();
    let refused = 0;
    server = await startEmbeddingServer({
      dimensions: 8,
      answer(response) {
        if (refused > 0) return false;
        refused += 1;
        response.writeHead(404).end();
        return true;
      },
    });
    await using embedder = create();
    const [first, second] = [embedder.embed(['q']), embedder.embed(['q'])];
    await assert.rejects(first, error => MemoryError.is(error));
    assert.equal((await second).length, 1);
    assert.deepEqual(asked(), ['q', 'q']);
  });

  it('forgets the question that was used longest ago', async () => {
    // Room for two of some 240 bytes.
    await using embedder = create(600);
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
