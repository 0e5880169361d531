import assert from 'node:assert/strict';
import { MemoryError } from '../../src/engine/errors.ts';
import type { Embedder } from '../../src/engine/ports/embedder.ts';
import { cosine } from '../fixtures/cosine.ts';

const oddTexts = [
  '',
  '   \n\t',
  '😀👩‍👩‍👧‍👦',
  'a\u0000b',
  'lone \ud800 surrogate',
  '数据库连接池',
  'قاعدة بيانات',
  'const x: Map<string, number[]> = new Map();',
  '[SEP] [CLS] [MASK]',
  'x'.repeat(5_000),
  'word '.repeat(20_000),
];

/**
 * What every Embedder must do.
 *
 * @param create a fresh one; called once a test
 */
export function embedderContract(name: string, create: () => Promise<Embedder>): void {
  describe(`${name} is an Embedder`, () => {
    it('knows its model without loading it', async () => {
      await using embedder = await create();
      assert.match(embedder.model.id, /^[\w.-]+\/[\w.@:/-]+$/);
      assert.ok(embedder.model.dimensions >= 1 && embedder.model.dimensions <= 4096);
      assert.equal(embedder.state().status, 'idle');
    });

    it('gives one unit vector a text, whatever the text', async () => {
      await using embedder = await create();
      const vectors = await embedder.embed(oddTexts);
      assert.equal(vectors.length, oddTexts.length);
      for (const [i, vector] of vectors.entries()) {
        assert.equal(vector.length, embedder.model.dimensions);
        const norm = Math.hypot(...vector);
        assert.ok(Math.abs(norm - 1) < 1e-5, `norm ${norm} of ${JSON.stringify(oddTexts[i]!.slice(0, 20))}`);
      }
      assert.equal(embedder.state().status, 'ready');
    });

    it('owns its memory: each vector has a buffer of its own', async () => {
      await using embedder = await create();
      for (const vector of await embedder.embed(['one', 'two', 'three'])) {
        assert.equal(vector.buffer.byteLength, embedder.model.dimensions * 4);
      }
    });

    it('answers nothing with nothing', async () => {
      await using embedder = await create();
      assert.deepEqual(await embedder.embed([]), []);
    });

    it('keeps the order of 1,000 texts and refuses more', async () => {
      await using embedder = await create();
      const texts = Array.from({ length: 1_000 }, (_, i) => `note ${i}`);
      const vectors = await embedder.embed(texts);
      assert.equal(vectors.length, 1_000);
      for (const i of [0, 1, 15, 16, 499, 999]) {
        const [alone] = await embedder.embed([texts[i]!]);
        assert.ok(cosine(alone!, vectors[i]!) > 0.99, `text ${i}`);
      }
      await assert.rejects(embedder.embed([...texts, 'one more']), isError('invalid_input'));
    });

    it('serves calls at the same time, each with its own answer', async () => {
      await using embedder = await create();
      const texts = Array.from({ length: 30 }, (_, i) => `call number ${i}`);
      const [together, ...separate] = await Promise.all([
        embedder.embed(texts),
        ...texts.map(text => embedder.embed([text])),
      ]);
      for (const [i, [vector]] of separate.entries())
        assert.ok(cosine(vector!, together[i]!) > 0.99, texts[i]);
    });

    it('does not begin when the signal is aborted', async () => {
      await using embedder = await create();
      await assert.rejects(embedder.embed(['text'], AbortSignal.abort()), isError('cancelled'));
    });

    it('stops when the signal aborts, and works on', async () => {
      await using embedder = await create();
      const controller = new AbortController();
      const running = embedder.embed(
        Array.from({ length: 500 }, (_, i) => `to be cancelled ${i}`),
        controller.signal,
      );
      controller.abort();
      await assert.rejects(running, isError('cancelled'));
      assert.equal((await embedder.embed(['after'])).length, 1);
    });

    it('rejects what runs when it is disposed, and every later call', async () => {
      const embedder = await create();
      const running = embedder.embed(Array.from({ length: 500 }, (_, i) => `running ${i}`));
      const rejected = assert.rejects(running, MemoryError);
      await embedder[Symbol.asyncDispose]();
      await rejected;
      await assert.rejects(embedder.embed(['later']), MemoryError);
    });
  });
}

function isError(code: MemoryError['code']): (error: unknown) => boolean {
  return error => MemoryError.is(error, code) && error.message !== '' && error.fix !== '';
}
