import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { createOpenAiEmbedder, type OpenAiOptions } from '../../../src/adapters/openai/openaiEmbedder.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { embedderContract } from '../../contract/embedder.contract.ts';
import { type Answer, type SeenRequest, startEmbeddingServer } from '../../fixtures/embeddingServer.ts';

const KEY = 'sk-very-secret-key';
const quick = {
  model: 'test-model',
  dimensions: 8,
  apiKey: KEY,
  backoffMs: 1,
} satisfies Partial<OpenAiOptions>;

describe('openaiEmbedder', () => {
  let contractServer: Awaited<ReturnType<typeof startEmbeddingServer>>;

  before(async () => {
    contractServer = await startEmbeddingServer({ dimensions: 8 });
  });
  after(() => contractServer[Symbol.asyncDispose]());

  embedderContract('openaiEmbedder', async () =>
    createOpenAiEmbedder({ ...quick, baseUrl: contractServer.baseUrl }),
  );

  it('asks as the API is specified: path, key, model, batches', async () => {
    await using server = await startEmbeddingServer({ dimensions: 8 });
    await using embedder = createOpenAiEmbedder({ ...quick, baseUrl: `${server.baseUrl}/` });
    await embedder.embed(Array.from({ length: 200 }, (_, i) => `text ${i}`));
    assert.deepEqual(
      server.seen.map(request => request.body.input.length),
      [96, 96, 8],
    );
    for (const { path, headers, body } of server.seen) {
      assert.equal(path, '/v1/embeddings');
      assert.equal(headers.authorization, `Bearer ${KEY}`);
      assert.equal(body.model, 'test-model');
      assert.equal('dimensions' in body, false);
    }
  });

  it('reads base64 as it reads numbers', async () => {
    await using numbers = await startEmbeddingServer({ dimensions: 8 });
    await using base64 = await startEmbeddingServer({ dimensions: 8, format: 'base64' });
    await using one = createOpenAiEmbedder({ ...quick, baseUrl: numbers.baseUrl });
    await using other = createOpenAiEmbedder({ ...quick, baseUrl: base64.baseUrl });
    const [a] = await one.embed(['same']);
    const [b] = await other.embed(['same']);
    for (let i = 0; i < 8; i++) assert.ok(Math.abs(a![i]! - b![i]!) < 1e-6);
  });

  it('sends neither empty texts, nor broken Unicode, nor more than the limit', async () => {
    await using server = await startEmbeddingServer({ dimensions: 8 });
    await using embedder = createOpenAiEmbedder({ ...quick, baseUrl: server.baseUrl, maxChars: 10 });
    await embedder.embed(['', 'a\ud800', 'x'.repeat(50)]);
    assert.deepEqual(server.seen[0]!.body.input, ['-', 'a\ufffd', 'xxxxxxxxxx']);
  });

  it('tries again after 429 and 500, and waits as Retry-After says', async () => {
    const times: number[] = [];
    await using server = await startEmbeddingServer({
      dimensions: 8,
      answer: response => {
        times.push(performance.now());
        if (times.length === 1) return send(response, 429, '{}', { 'retry-after': '0.3' });
        return times.length === 2 ? send(response, 500, 'oops') : false;
      },
    });
    await using embedder = createOpenAiEmbedder({ ...quick, baseUrl: server.baseUrl });
    assert.equal((await embedder.embed(['text'])).length, 1);
    assert.equal(times.length, 3);
    assert.ok(times[1]! - times[0]! >= 295, 'it waited');
    assert.equal(embedder.state().status, 'ready');
  });

  it('gives up after four attempts, or when the wait would be long', async () => {
    for (const [header, attempts] of [
      ['0', 4],
      ['3600', 1],
    ] as const) {
      await using server = await startEmbeddingServer({
        dimensions: 8,
        answer: response => send(response, 503, '{}', { 'retry-after': header }),
      });
      await using embedder = createOpenAiEmbedder({ ...quick, baseUrl: server.baseUrl });
      await assert.rejects(embedder.embed(['text']), error => MemoryError.is(error, 'unavailable'));
      assert.equal(server.seen.length, attempts);
      assert.match(embedder.state().problem!, /503/);
    }
  });

  it('names what is wrong, without the key and without trying again', async () => {
    const cases: readonly { answer: Answer; message: RegExp; fix: RegExp }[] = [
      {
        answer: r => send(r, 401, `{"error":{"message":"bad ${KEY}"}}`),
        message: /status 401\.$/,
        fix: /API key/,
      },
      { answer: r => send(r, 400, `{"error":{"message":"no ${KEY}"}}`), message: /400: no …/, fix: /model/ },
      { answer: r => send(r, 404, 'nothing'), message: /404/, fix: /base URL/ },
      { answer: r => send(r, 200, '<html>'), message: /did not answer with JSON/, fix: /\/v1/ },
      { answer: r => send(r, 200, '{"data":[]}'), message: /sent 0 embeddings for 1 texts/, fix: /model/ },
      { answer: r => send(r, 200, vectors([1, 2])), message: /2 dimensions where 8 were/, fix: /dimensions/ },
      { answer: r => send(r, 200, vectors(Array(8).fill(0))), message: /without a direction/, fix: /model/ },
      {
        answer: r => send(r, 200, vectors(Array(8).fill(null))),
        message: /without a direction/,
        fix: /model/,
      },
      { answer: r => send(r, 200, vectors('none')), message: /dimensions/, fix: /model/ },
      { answer: r => send(r, 200, vectors(7)), message: /neither/, fix: /model/ },
      {
        answer: r => send(r, 302, '', { location: 'http://127.0.0.1:1/' }),
        message: /reached/,
        fix: /base URL/,
      },
    ];
    for (const { answer, message, fix } of cases) {
      await using server = await startEmbeddingServer({ dimensions: 8, answer });
      await using embedder = createOpenAiEmbedder({ ...quick, baseUrl: server.baseUrl });
      const error = await embedder.embed(['text']).catch((e: unknown) => e);
      assert.ok(MemoryError.is(error, 'unavailable'), String(error));
      assert.match(error.message, message);
      assert.match(error.fix, fix);
      assert.doesNotMatch(`${error.message} ${error.fix} ${embedder.state().problem}`, new RegExp(KEY));
    }
  });

  it('refuses a vector of NaN or Infinity', async () => {
    const infinite = Buffer.from(new Float32Array(8).fill(Number.POSITIVE_INFINITY).buffer).toString(
      'base64',
    );
    await using server = await startEmbeddingServer({
      dimensions: 8,
      answer: r => send(r, 200, vectors(infinite)),
    });
    await using embedder = createOpenAiEmbedder({ ...quick, baseUrl: server.baseUrl });
    await assert.rejects(embedder.embed(['text']), error => MemoryError.is(error, 'unavailable'));
  });

  it('shortens the text that the model takes for too long, and that one only', async () => {
    const answer = (response: ServerResponse, { body }: SeenRequest) => {
      const tooLong = body.input.some(text => text.length > 1000);
      if (tooLong) response.writeHead(400).end('{"error":{"message":"too many tokens"}}');
      return tooLong;
    };
    await using server = await startEmbeddingServer({ dimensions: 8, answer });
    await using embedder = createOpenAiEmbedder({ ...quick, baseUrl: server.baseUrl });
    const texts = Array.from({ length: 20 }, (_, i) => `text ${i}`);
    texts[13] = '長'.repeat(7000);
    const vectors = await embedder.embed(texts);
    const [shortened] = await embedder.embed(['長'.repeat(875)]);
    assert.deepEqual(vectors[13], shortened);
    for (const i of [0, 12, 14, 19]) assert.deepEqual(vectors[i], (await embedder.embed([texts[i]!]))[0]);
    await using strict = await startEmbeddingServer({
      dimensions: 8,
      answer: response => {
        response.writeHead(400).end();
        return true;
      },
    });
    await using refused = createOpenAiEmbedder({ ...quick, baseUrl: strict.baseUrl });
    await assert.rejects(refused.embed(texts), error => MemoryError.is(error, 'unavailable'));
    assert.ok(strict.seen.length < 10, 'it gives up when even a short text is refused');
  });

  it('tells a text that is refused at any length from a model that refuses everything', async () => {
    const answer = (response: ServerResponse, { body }: SeenRequest) =>
      body.input.some(text => text.startsWith('bad')) &&
      send(response, 400, '{"error":{"message":"not allowed"}}');
    await using server = await startEmbeddingServer({ dimensions: 8, answer });
    await using embedder = createOpenAiEmbedder({ ...quick, baseUrl: server.baseUrl });
    for (const texts of [['bad'], ['good', 'bad '.repeat(500), 'better']]) {
      await assert.rejects(
        embedder.embed(texts),
        error => MemoryError.is(error, 'invalid_input') && /400: not allowed/.test(error.message),
      );
      assert.equal(embedder.state().status, 'ready');
    }
  });

  it('does not wait for ever, and says so when nobody listens', async () => {
    await using silent = await startEmbeddingServer({ dimensions: 8, answer: () => true });
    await using slow = createOpenAiEmbedder({ ...quick, baseUrl: silent.baseUrl, timeoutMs: 50 });
    await assert.rejects(slow.embed(['text']), /no answer within 50 ms/);
    await using nobody = createOpenAiEmbedder({ ...quick, baseUrl: 'http://127.0.0.1:1/v1' });
    await assert.rejects(nobody.embed(['text']), /cannot be reached/);
  });

  it('is cancelled while it waits', async () => {
    await using silent = await startEmbeddingServer({ dimensions: 8, answer: () => true });
    await using embedder = createOpenAiEmbedder({ ...quick, baseUrl: silent.baseUrl });
    const controller = new AbortController();
    const call = embedder.embed(['text'], controller.signal);
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(call, error => MemoryError.is(error, 'cancelled'));
    assert.equal(embedder.state().status, 'idle');
  });

  it('names models so that vectors of different servers and lengths are never mixed', () => {
    const id = (options: Partial<OpenAiOptions> & { model: string }) =>
      createOpenAiEmbedder({ baseUrl: 'https://api.openai.com/v1', ...options }).model;
    assert.deepEqual(id({ model: 'text-embedding-3-small' }), {
      id: 'openai/text-embedding-3-small',
      dimensions: 1536,
    });
    assert.deepEqual(id({ model: 'text-embedding-3-large', dimensions: 256 }), {
      id: 'openai/text-embedding-3-large/256',
      dimensions: 256,
    });
    assert.deepEqual(id({ model: 'bge-m3', dimensions: 1024, baseUrl: 'http://gpu.lan:11434/v1' }), {
      id: 'openai/bge-m3@gpu.lan:11434',
      dimensions: 1024,
    });
  });

  it('refuses what it cannot work with', () => {
    const isInvalid = (error: unknown) => MemoryError.is(error, 'invalid_input');
    for (const dimensions of [-1, 0, 1.5, 5000]) {
      assert.throws(
        () => createOpenAiEmbedder({ ...quick, baseUrl: 'http://127.0.0.1/v1', dimensions }),
        isInvalid,
      );
    }
    for (const baseUrl of ['', 'ftp://host/', 'http://user:password@host/v1']) {
      assert.throws(() => createOpenAiEmbedder({ ...quick, baseUrl }), isInvalid);
    }
  });

  it('learns the dimensions from the first answer, and keeps to them', async () => {
    const options = { dimensions: 24 };
    await using server = await startEmbeddingServer(options);
    await using embedder = createOpenAiEmbedder({ baseUrl: server.baseUrl, model: 'unknown' });
    assert.equal(embedder.model.dimensions, 0);
    await embedder.embed(['text']);
    assert.equal(embedder.model.dimensions, 24);
    options.dimensions = 8;
    await assert.rejects(embedder.embed(['other']), /8 dimensions where 24 were expected/);
  });
});

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): boolean {
  response.writeHead(status, headers).end(body);
  return true;
}

function vectors(embedding: unknown): string {
  return JSON.stringify({ data: [{ index: 0, embedding }] });
}
