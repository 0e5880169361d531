import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WindowedBm25 } from '../../../src/engine/ranking/windowedBm25.ts';
import { best } from '../../../src/engine/search/best.ts';

describe('best', () => {
  it('are the rows that come first when all are sorted, the earlier of two alike', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 })),
        fc.integer({ min: 1, max: 30 }),
        (given, count) => {
          const bm25 = new WindowedBm25();
          bm25.scores = Float32Array.from(given);
          bm25.touched = Int32Array.from(given.keys());
          bm25.touchedCount = given.length;
          const sorted = [...given.keys()].sort((a, b) => given[b]! - given[a]! || a - b);
          assert.deepEqual(
            [...best(bm25, count)].sort((a, b) => a - b),
            sorted.slice(0, count).sort((a, b) => a - b),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});
