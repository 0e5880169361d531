import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryError } from '../../src/engine/errors.ts';
import type { VectorIndex, VectorIndexFactory } from '../../src/engine/ports/vectorIndex.ts';
import {
  clustered,
  dotProduct,
  near,
  nearestByForce,
  randomUnit,
  readerOf,
  seeded,
  unit,
} from '../fixtures/vectors.ts';

const isUnavailable = (error: unknown) => MemoryError.is(error, 'unavailable');
const isInvalid = (error: unknown) => MemoryError.is(error, 'invalid_input');

/** What every VectorIndex must do: find the same as a plain comparison of all vectors. */
export function vectorIndexContract(name: string, createFactory: () => Promise<VectorIndexFactory>): void {
  describe(`${name} is a VectorIndex`, () => {
    let factory: VectorIndexFactory;
    before(async () => {
      factory = await createFactory();
    });

    it('finds nothing when it is empty', async () => {
      using index = factory.create(384);
      const query = randomUnit(384, seeded(1));
      assert.deepEqual(await index.nearest(query, 10, { read: readerOf(new Map(), 384) }), []);
      assert.deepEqual(index.similarities(query, [1]), Float32Array.of(Number.NaN));
      assert.equal(index.size, 0);
    });

    for (const dimensions of [1, 3, 64, 65, 384, 768, 1536, 4096]) {
      it(`finds the nearest of ${dimensions} dimensions`, async () => {
        using index = factory.create(dimensions);
        const vectors = filled(index, clustered(203, dimensions, dimensions));
        for (const query of clustered(5, dimensions, dimensions)) await isExact(index, vectors, query, 10);
      });
    }

    for (const limit of [1, 10, 50, 1000]) {
      it(`finds exactly the nearest ${limit} of 5,000`, async () => {
        using index = factory.create(384);
        const vectors = filled(index, clustered(5000, 384));
        const random = seeded(limit);
        for (let i = 0; i < 5; i++) {
          await isExact(index, vectors, near(vectors.get(i * 7)!, 0.5, random), limit);
        }
      });
    }

    it('reads few vectors of many', async () => {
      using index = factory.create(384);
      const vectors = filled(index, clustered(5000, 384));
      let read = 0;
      await index.nearest(vectors.get(3)!, 10, {
        read: keys => {
          read += keys.length;
          return readerOf(vectors, 384)(keys);
        },
      });
      assert.ok(read < 250, `${read} were read`);
    });

    it('orders thousands of equal vectors by key', async () => {
      using index = factory.create(384);
      const random = seeded(5);
      const same = randomUnit(384, random);
      const vectors = filled(index, [
        ...Array.from({ length: 500 }, () => randomUnit(384, random)),
        ...Array.from({ length: 3000 }, () => same),
      ]);
      for (const limit of [10, 1000]) await isExact(index, vectors, same, limit);
      await isExact(index, vectors, near(same, 0.3, random), 10);
      const found = await index.nearest(same, 3, { read: readerOf(vectors, 384) });
      assert.deepEqual(
        found.map(({ key }) => key),
        [500, 501, 502],
      );
    });

    it('tells twenty thousand vectors apart that are nearly equal', async () => {
      using index = factory.create(64);
      const random = seeded(6);
      const centre = randomUnit(64, random);
      const vectors = filled(
        index,
        Array.from({ length: 20_000 }, () => near(centre, 1e-4, random)),
      );
      for (const limit of [1, 50]) await isExact(index, vectors, near(centre, 0.1, random), limit);
      await isExact(index, vectors, centre, 10, key => key % 100 === 1);
      await isExact(index, vectors, centre, 10, key => key % 3 > 0);
    });

    it('finds only what is allowed, be it little or much', async () => {
      using index = factory.create(384);
      const vectors = filled(index, clustered(20_000, 384));
      const query = near(vectors.get(77)!, 0.4, seeded(2));
      const filters: ((key: number) => boolean)[] = [
        () => false,
        key => key === 19_999,
        key => key % 100 === 7,
        key => key < 1600,
        key => key >= 18_000,
        key => key % 5 > 0,
        key => key !== 77,
        () => true,
      ];
      for (const allowed of filters) await isExact(index, vectors, query, 10, allowed);
    });

    it('keeps searches apart that run at the same time', async () => {
      using index = factory.create(384);
      const vectors = filled(index, clustered(2000, 384));
      const slowly = (keys: readonly number[]) =>
        new Promise<void>(resolve => setImmediate(resolve)).then(() => readerOf(vectors, 384)(keys));
      await Promise.all(
        Array.from({ length: 8 }, async (_, i) => {
          const query = near(vectors.get(i)!, 0.5, seeded(i));
          const allowed = (key: number) => key % 4 === i % 4;
          assert.deepEqual(
            await index.nearest(query, 20, { read: slowly, allowed }),
            nearestByForce(vectors, query, 20, allowed),
          );
        }),
      );
    });

    it('survives changes while a search reads', async () => {
      using index = factory.create(16);
      const same = randomUnit(16, seeded(9));
      const vectors = filled(
        index,
        Array.from({ length: 3000 }, () => same),
      );
      const found = await index.nearest(same, 10, {
        read: async keys => {
          for (let key = 1000; key < 3000; key++) index.remove(key);
          return readerOf(vectors, 16)(keys);
        },
      });
      assert.deepEqual(
        found.map(({ key }) => key),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
      assert.equal(index.size, 1000);
    });

    it('stays exact through any inserts, replacements and removals', async () => {
      const change = fc.record({
        key: fc.integer({ min: 0, max: 40 }),
        seed: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined, freq: 3 }),
      });
      const scenario = fc.record({
        dimensions: fc.constantFrom(1, 2, 64, 100),
        changes: fc.array(change, { maxLength: 120 }),
        allowed: fc.constantFrom(undefined, 2, 7),
        limit: fc.integer({ min: 1, max: 50 }),
      });
      await fc.assert(
        fc.asyncProperty(scenario, async ({ dimensions, changes, allowed, limit }) => {
          using index = factory.create(dimensions);
          const vectors = new Map<number, Float32Array>();
          for (const { key, seed } of changes) {
            if (seed === undefined) assert.equal(index.remove(key), vectors.delete(key));
            else {
              // Few seeds, so that there are equal vectors.
              const vector = randomUnit(dimensions, seeded(seed));
              index.upsert(key, vector);
              vectors.set(key, vector);
            }
          }
          assert.equal(index.size, vectors.size);
          for (let key = 0; key <= 40; key++) assert.equal(index.has(key), vectors.has(key));
          const query = randomUnit(dimensions, seeded(99));
          await isExact(index, vectors, query, limit, allowed ? key => key % allowed === 0 : undefined);
          using restored = factory.restore(index.snapshot());
          await isExact(restored, vectors, query, limit);
        }),
        { numRuns: 150 },
      );
    });

    it('tells similarities in the order of the keys', () => {
      using index = factory.create(384);
      const vectors = filled(index, clustered(500, 384));
      const query = near(vectors.get(5)!, 0.3, seeded(3));
      const keys = [7, 499, 1000, 0, 7, 2 ** 32 - 1];
      const found = index.similarities(query, keys);
      for (const [i, key] of keys.entries()) {
        const vector = vectors.get(key);
        if (!vector) assert.ok(Number.isNaN(found[i]));
        else assert.ok(Math.abs(found[i]! - dotProduct(query, vector)) < 0.01);
      }
      assert.equal(found.length, keys.length);
    });

    it('is exact for vectors that quantise badly', async () => {
      const random = seeded(8);
      using index = factory.create(100);
      const vectors = filled(index, [
        new Float32Array(100),
        ...Array.from({ length: 100 }, (_, i) =>
          unit(Float32Array.from({ length: 100 }, (_, j) => +(i === j))),
        ),
        ...Array.from({ length: 100 }, () => unit(Float32Array.from({ length: 100 }, () => random() ** 20))),
        ...Array.from({ length: 100 }, () =>
          unit(Float32Array.from({ length: 100 }, () => (random() < 0.5 ? -1 : 1))),
        ),
        ...Array.from({ length: 100 }, () => randomUnit(100, random).map(value => value * 3)),
        Float32Array.from({ length: 100 }, () => 1e-42),
      ]);
      for (const query of vectors.values()) await isExact(index, vectors, query, 10);
    });

    it('takes any key of 32 bits', async () => {
      using index = factory.create(8);
      const vectors = new Map<number, Float32Array>();
      for (const [i, key] of [0, 4095, 4096, 2 ** 31, 2 ** 32 - 1].entries()) {
        vectors.set(key, randomUnit(8, seeded(i)));
        index.upsert(key, vectors.get(key)!);
      }
      await isExact(index, vectors, randomUnit(8, seeded(50)), 10);
      assert.ok(index.remove(2 ** 32 - 1));
      assert.equal(index.has(2 ** 32 - 1), false);
    });

    it('tells equal vectors by equal prints, whatever came before', async () => {
      using one = factory.create(384);
      using other = factory.create(384);
      const vectors = clustered(40, 384);
      for (const [key, vector] of vectors.entries()) one.upsert(key, vector);
      for (const [key, vector] of [...vectors.entries()].reverse()) {
        other.upsert(key, vectors[0]!);
        other.upsert(key, vector);
      }
      other.upsert(99, vectors[5]!);
      other.remove(39);
      const keys = vectors.map((_, key) => key).slice(0, 39);
      assert.deepEqual(
        keys.map(key => other.printOf(key)),
        keys.map(key => one.printOf(key)),
      );
      assert.equal(new Set(keys.map(key => one.printOf(key))).size, 39);
      assert.equal(other.printOf(99), one.printOf(5));
      assert.equal(other.printOf(39), undefined);
    });

    it('goes on from a snapshot', async () => {
      const vectors = clustered(1001, 384);
      using index = factory.create(384);
      const all = filled(index, vectors);
      using restored = factory.restore(shifted(index.snapshot()));
      assert.equal(restored.dimensions, 384);
      assert.equal(restored.size, 1001);
      for (const [i, vector] of clustered(300, 384, 2).entries()) {
        restored.upsert(i * 5, vector);
        all.set(i * 5, vector);
      }
      restored.remove(17);
      all.delete(17);
      await isExact(restored, all, near(vectors[3]!, 0.5, seeded(4)), 50);
    });

    it('restores an empty index', () => {
      using index = factory.create(768);
      using restored = factory.restore(index.snapshot());
      assert.deepEqual([restored.dimensions, restored.size], [768, 0]);
    });

    it('refuses a snapshot in which any byte is another', () => {
      using index = factory.create(64);
      filled(index, clustered(50, 64));
      const bytes = index.snapshot();
      const at = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: bytes.length - 1 }));
      fc.assert(
        fc.property(at, fc.integer({ min: 1, max: 255 }), (position, difference) => {
          const damaged = bytes.slice();
          damaged[position]! ^= difference;
          assert.throws(() => factory.restore(damaged), isUnavailable);
        }),
        { numRuns: 500 },
      );
    });

    it('refuses a snapshot that is cut short, longer, or something else', () => {
      using index = factory.create(64);
      filled(index, clustered(50, 64));
      const bytes = index.snapshot();
      fc.assert(
        fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), length => {
          assert.throws(() => factory.restore(bytes.slice(0, length)), isUnavailable);
        }),
      );
      assert.throws(() => factory.restore(new Uint8Array([...bytes, 0])), isUnavailable);
      assert.throws(() => factory.restore(new TextEncoder().encode('{"rows":[]}'.repeat(9))), isUnavailable);
    });

    it('refuses what is no vector, key, limit or dimension', async () => {
      using index = factory.create(4);
      const good = unit([1, 2, 3, 4]);
      const options = { read: readerOf(new Map([[1, good]]), 4) };
      index.upsert(1, good);
      for (const bad of [unit([1, 2, 3]), unit([1, 2, 3, 4, 5]), new Float32Array(0)]) {
        assert.throws(() => index.upsert(1, bad), isInvalid);
        assert.throws(() => index.similarities(bad, [1]), isInvalid);
        await assert.rejects(index.nearest(bad, 1, options), isInvalid);
      }
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        assert.throws(() => index.upsert(1, Float32Array.of(0, bad, 0, 0)), isInvalid);
        await assert.rejects(index.nearest(Float32Array.of(0, bad, 0, 0), 1, options), isInvalid);
      }
      for (const bad of [-1, 0.5, 2 ** 32, Number.NaN])
        assert.throws(() => index.upsert(bad, good), isInvalid);
      for (const bad of [0, -1, 1.5, 1001])
        await assert.rejects(index.nearest(good, bad, options), isInvalid);
      for (const bad of [0, -1, 1.5, 4097, Number.NaN]) assert.throws(() => factory.create(bad), isInvalid);
      assert.deepEqual(await index.nearest(good, 5, options), [{ key: 1, score: dotProduct(good, good) }]);
    });
  });
}

/** Keys are the positions. */
function filled(index: VectorIndex, vectors: readonly Float32Array[]): Map<number, Float32Array> {
  for (const [key, vector] of vectors.entries()) index.upsert(key, vector);
  return new Map(vectors.entries());
}

async function isExact(
  index: VectorIndex,
  vectors: ReadonlyMap<number, Float32Array>,
  query: Float32Array,
  limit: number,
  allowed?: (key: number) => boolean,
): Promise<void> {
  const read = readerOf(vectors, index.dimensions);
  const found = await index.nearest(query, limit, { read, ...(allowed && { allowed }) });
  assert.deepEqual(found, nearestByForce(vectors, query, limit, allowed));
}

/** The same bytes at an odd address. */
function shifted(bytes: Uint8Array): Uint8Array {
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes, 1);
  return longer.subarray(1);
}
