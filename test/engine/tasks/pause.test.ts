import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_RETRY } from '../../../src/engine/ports/taskStore.ts';
import { pauseMs } from '../../../src/engine/tasks/pause.ts';

describe('the pause before a retry', () => {
  it('doubles from one second up to a hundred', () => {
    const longest = [0, 1, 2, 3, 6, 7, 50].map(failures => pauseMs(DEFAULT_RETRY, failures, 0.999_999_999));
    assert.deepEqual(longest, [999, 1_999, 3_999, 7_999, 63_999, 99_999, 99_999]);
    assert.equal(pauseMs(DEFAULT_RETRY, 3, 0.5), 4_000);
    assert.equal(pauseMs(DEFAULT_RETRY, 3, 0), 0);
  });

  it('is a whole number of milliseconds within its bounds, whatever the policy', () => {
    const policy = fc.record({
      max: fc.nat(100),
      baseMs: fc.nat(1e9),
      factor: fc.double({ min: 1, max: 1e300, noNaN: true }),
      capMs: fc.nat(1e9),
    });
    const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(policy, fc.nat(100), jitter, (given, failures, share) => {
        const pause = pauseMs(given, failures, share);
        return Number.isSafeInteger(pause) && pause >= 0 && pause <= given.capMs;
      }),
    );
  });
});
