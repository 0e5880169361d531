import assert from 'node:assert/strict';
import { identity } from '../../../src/adapters/node/identity.ts';
import type { NewEmbedding } from '../../../src/engine/ports/embeddingRecords.ts';
import { nearestRecent } from '../../../src/engine/records/nearestRecent.ts';
import type { OpenRecords } from '../../fixtures/openRecords.ts';
import { refuses } from './refuses.ts';

/** A text with a vector that points to one axis. */
export function embedding(text: string, given: Partial<NewEmbedding> = {}): NewEmbedding {
  return {
    sha256: identity.sha256(text),
    vector: axis(384, 0),
    text,
    source: 'session:abc123',
    toolContext: 'grep',
    success: true,
    ...given,
  };
}

export function axis(dimensions: number, i: number): Float32Array {
  const vector = new Float32Array(dimensions);
  vector[i] = 1;
  return vector;
}

/** What every EmbeddingRecords must do. */
export function embeddingRecordsContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} is an EmbeddingRecords`, () => {
    for (const dimensions of [768, 384, 1, 4096]) {
      it(`returns ${dimensions} numbers to the bit, and every field`, async () => {
        await using opened = await open();
        const vector = Float32Array.from({ length: dimensions }, (_, i) => Math.fround(Math.sin(i + 1) / 3));
        vector[0] = -1.401298464324817e-45;
        const given = embedding('naïve 🦊', { vector, success: false });
        await opened.records.embeddings.put([given]);
        const [kept, missing] = await opened.others.embeddings.get([given.sha256, identity.sha256('other')]);
        assert.ok(kept!.storedAt > 0);
        assert.deepEqual(kept, { ...given, storedAt: kept!.storedAt });
        assert.equal(missing, undefined);
      });
    }

    it('lists the last put first, of all and of one session', async () => {
      await using opened = await open();
      const { embeddings } = opened.records;
      await embeddings.put([embedding('a', { source: 'session:1' })]);
      await embeddings.put([embedding('b', { source: 'import' })]);
      await embeddings.put([embedding('c', { source: 'session:1' })]);
      await embeddings.put([embedding('a', { source: 'session:2' })]);
      const texts = async (limit: number, session?: string) =>
        (await embeddings.recent(limit, session)).map(({ text }) => text);
      assert.deepEqual(await texts(10), ['a', 'c', 'b']);
      assert.deepEqual(await texts(1), ['a']);
      assert.deepEqual((await texts(10, '1')).sort(), ['a', 'c']);
      assert.deepEqual(await texts(10, '2'), ['a']);
    });

    it('removes a record everywhere, once and again', async () => {
      await using opened = await open();
      const { embeddings } = opened.records;
      const given = embedding('a', { source: 'session:1' });
      await embeddings.put([given]);
      await embeddings.remove(given.sha256);
      await embeddings.remove(given.sha256);
      assert.deepEqual(await embeddings.get([given.sha256]), [undefined]);
      assert.deepEqual(await embeddings.recent(10), []);
      assert.deepEqual(await embeddings.recent(10, '1'), []);
    });

    it('searches the recent ones of the same length, nearest first', async () => {
      await using opened = await open();
      const { embeddings } = opened.records;
      await embeddings.put([
        embedding('east', { vector: axis(3, 0) }),
        embedding('between', { vector: Float32Array.of(2, 2, 0) }),
        embedding('north', { vector: axis(3, 1) }),
        embedding('of another model', { vector: axis(4, 1) }),
      ]);
      const found = await nearestRecent(embeddings, axis(3, 1), 2);
      assert.deepEqual(
        found.map(({ record }) => record.text),
        ['north', 'between'],
      );
      assert.equal(found[0]!.score, 1);
      assert.ok(Math.abs(found[1]!.score - Math.SQRT1_2) < 1e-6);
      await embeddings.put([embedding('west', { vector: Float32Array.of(-1, 0, 0) })]);
      const among = await nearestRecent(embeddings, axis(3, 1), 5, 1);
      assert.deepEqual(
        among.map(({ record }) => record.text),
        ['west'],
      );
    });

    it('refuses what it could not return', async () => {
      await using opened = await open();
      const { embeddings } = opened.records;
      const put = (given: Partial<NewEmbedding>) => embeddings.put([embedding('a', given)]);
      await refuses('invalid_input', put({ sha256: 'ABC' }));
      await refuses('invalid_input', put({ vector: new Float32Array(0) }));
      await refuses('invalid_input', put({ vector: Float32Array.of(Number.NaN) }));
      await refuses('invalid_input', put({ vector: new Float32Array(4097) }));
      await refuses('invalid_input', put({ text: 'half \udc00' }));
      assert.deepEqual(await embeddings.recent(10), []);
    });
  });
}
