import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contextShare } from '../../../src/engine/ranking/contextShare.ts';

describe('contextShare', () => {
  it('is all for a remark, a quarter at 40 words, a hundredth at 200', () => {
    assert.deepEqual([0, 1, 20, 40, 200].map(contextShare), [1, 1, 1, 0.25, 0.1 ** 2]);
  });

  it('never grows with the length, and never reaches 0', () => {
    fc.assert(
      fc.property(fc.nat(65_534), words => {
        const [shorter, longer] = [contextShare(words), contextShare(words + 1)];
        assert.ok(longer <= shorter && longer > 0);
      }),
    );
  });
});
