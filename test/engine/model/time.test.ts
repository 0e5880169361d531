import assert from 'node:assert/strict';
import { checkTime, isoTime, LAST_TIME } from '../../../src/engine/model/time.ts';

describe('a time', () => {
  it('is ISO 8601, and what is none is said to be none', () => {
    assert.equal(isoTime(0), '1970-01-01T00:00:00.000Z');
    assert.equal(isoTime(LAST_TIME), '9999-12-31T23:59:59.999Z');
    assert.equal(isoTime(9_007_199_254_740_993_000), 'no time (9007199254740993000)');
    assert.equal(isoTime(Number.NaN), 'no time (NaN)');
  });

  it('is refused beyond what can be written', () => {
    checkTime('It', 0);
    checkTime('It', LAST_TIME);
    for (const ms of [-1, LAST_TIME + 1, Number.NaN, Number.POSITIVE_INFINITY])
      assert.throws(() => checkTime('It', ms), { code: 'invalid_input' });
  });
});
