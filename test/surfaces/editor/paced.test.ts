import assert from 'node:assert/strict';
import { Paced } from '../../../src/surfaces/editor/engine/paced.ts';

/** A question that takes so long by its clock. */
function question(tookMs: number) {
  let [now, asked] = [0, 0];
  const paced = new Paced(
    async () => {
      now += tookMs;
      return ++asked;
    },
    () => now,
  );
  return { paced, pass: (ms: number) => (now += ms) };
}

describe('Paced', () => {
  it('asks again after twenty times as long as the question took', async () => {
    const { paced, pass } = question(100);
    assert.equal(await paced.get(), 1);
    pass(1_999);
    assert.equal(await paced.get(), 1);
    pass(1);
    assert.equal(await paced.get(), 2);
  });

  it('asks after ten seconds, however long it took', async () => {
    const { paced, pass } = question(60_000);
    assert.equal(await paced.get(), 1);
    pass(9_999);
    assert.equal(await paced.get(), 1);
    pass(1);
    assert.equal(await paced.get(), 2);
  });

  it('asks once for all who ask meanwhile, and again at once where it costs nothing', async () => {
    const { paced } = question(0);
    assert.deepEqual(await Promise.all([paced.get(), paced.get()]), [1, 1]);
    assert.equal(await paced.get(), 2);
  });
});
