import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readTime, writeTime } from '../../../src/engine/longTerm/clientTime.ts';

const NOON = Date.UTC(2025, 4, 4, 12);

describe('a time of clients', () => {
  it('is read in every form that they write', () => {
    for (const [text, ms] of [
      ['2025-05-04T12:00:00Z', NOON],
      ['2025-05-04T12:00:00', NOON],
      ['2025-05-04 12:00', NOON],
      ['2025-05-04T14:00:00+02:00', NOON],
      ['2025-05-04T14:00:00+0200', NOON],
      ['2025-05-04T14:00:00+02', NOON],
      ['2025-05-04t12:00:00.5z', NOON + 500],
      ['2025-05-04T12:00:00.123456Z', NOON + 123.456],
      ['2025-05-04', Date.UTC(2025, 4, 4)],
      [NOON / 1000, NOON],
      [`${NOON / 1000}.25`, NOON + 250],
      [NOON, NOON],
    ] as const)
      assert.equal(readTime(text), ms, `${text}`);
    for (const text of ['', 'yesterday', '2025-13-04', '2025-05-04T25:00', '12:00', null, {}, undefined])
      assert.equal(readTime(text), undefined, `${text}`);
  });

  it('comes back to the microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000_000_000, max: 4_000_000_000_000 }), fc.nat(999), (ms, micros) => {
        const given = writeTime(ms + micros / 1000);
        assert.equal(writeTime(readTime(given)!), given);
        assert.ok(Math.abs(readTime(given)! - ms - micros / 1000) < 0.0005);
      }),
    );
  });
});
