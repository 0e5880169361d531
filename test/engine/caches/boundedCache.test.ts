import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BoundedCache, type Eviction } from '../../../src/engine/caches/boundedCache.ts';

/** Room for ten entries of one byte. */
const ten = (eviction: Eviction) => new BoundedCache<string>({ maxBytes: 10, eviction });
const fill = (cache: BoundedCache<string>, until = (i: number) => 1_000 + i) => {
  for (let i = 0; i < 10; i++) cache.set(`${i}`, `value ${i}`, 1, until(i));
};
const has = (cache: BoundedCache<string>, key: string) => cache.get(key, 0) !== undefined;

describe('BoundedCache', () => {
  it('drops what was used longest ago', () => {
    const cache = ten('lru');
    fill(cache);
    has(cache, '0');
    cache.set('new', '', 1, 1_000);
    assert.deepEqual(
      ['0', '1', '2', 'new'].map(key => has(cache, key)),
      [true, false, true, true],
    );
  });

  it('drops what was used least often', () => {
    const cache = ten('lfu');
    fill(cache);
    for (let i = 0; i < 10; i++) if (i !== 7) for (let n = 0; n < 3; n++) has(cache, `${i}`);
    cache.set('new', '', 1, 1_000);
    assert.deepEqual(
      ['0', '7', 'new'].map(key => has(cache, key)),
      [true, false, true],
    );
  });

  it('lets what was used often long ago go at last', () => {
    const cache = ten('lfu');
    cache.set('old', '', 1, 1_000);
    for (let n = 0; n < 20; n++) has(cache, 'old');
    for (let i = 0; i < 200; i++) {
      cache.set(`${i}`, '', 1, 1_000);
      for (let n = 0; n < 3; n++) has(cache, `${i}`);
    }
    assert.equal(has(cache, 'old'), false);
  });

  it('drops what would be over next', () => {
    const cache = ten('ttl');
    fill(cache, i => (i === 6 ? 10 : 1_000));
    has(cache, '6');
    cache.set('new', '', 1, 1_000);
    assert.deepEqual(
      ['0', '6', 'new'].map(key => has(cache, key)),
      [true, false, true],
    );
  });

  it('keeps nothing longer than its time, nothing too large, and nothing at all where there is no room', () => {
    const cache = ten('lru');
    cache.set('a', 'x', 1, 50);
    assert.equal(cache.get('a', 49), 'x');
    assert.equal(cache.get('a', 50), undefined);
    cache.set('large', 'x', 11, 1_000);
    assert.equal(has(cache, 'large'), false);
    const none = new BoundedCache<string>({ maxBytes: 0, eviction: 'lru' });
    none.set('a', 'x', 1, 1_000);
    assert.equal(has(none, 'a'), false);
  });

  it('forgets by label, and counts', () => {
    const cache = ten('lru');
    cache.set('1', 'x', 2, 1_000, 'how to');
    cache.set('2', 'y', 3, 1_000, 'why');
    assert.equal(
      cache.forget(label => label.startsWith('how')),
      1,
    );
    assert.deepEqual([has(cache, '1'), has(cache, '2')], [false, true]);
    assert.deepEqual(cache.statistics, { entries: 1, bytes: 3, hits: 1, misses: 1 });
  });

  it('never exceeds its room, and never loses the last addition that fits', () =>
    fc.assert(
      fc.property(
        fc.constantFrom<Eviction[]>('lru', 'lfu', 'ttl'),
        fc.array(fc.record({ key: fc.nat(20), bytes: fc.integer({ min: 1, max: 12 }), until: fc.nat(100) })),
        (eviction, additions) => {
          const cache = ten(eviction);
          for (const { key, bytes, until } of additions) {
            cache.set(`${key}`, 'x', bytes, until + 1);
            assert.ok(cache.statistics.bytes <= 10);
            assert.equal(has(cache, `${key}`), bytes <= 10);
          }
        },
      ),
    ));
});
