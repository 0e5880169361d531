import assert from 'node:assert/strict';
import { SharedClock } from '../../src/engine/sharedClock.ts';
import { silent } from '../fixtures/logger.ts';

const HOUR_MS = 3_600_000;

/** A machine whose clock can be set, and the others', which is right. */
async function machine(aheadMs: number) {
  const at = { right: Date.UTC(2026, 10, 22), aheadMs, away: false, sleptMs: 0, warned: 0, asked: 0 };
  const clock = new SharedClock({
    local: { now: () => at.right + at.aheadMs },
    async time() {
      at.asked++;
      if (at.away) throw new Error('away');
      return at.right;
    },
    elapsed: () => at.right - at.sleptMs,
    logger: { ...silent, warn: () => void at.warned++ },
  });
  await answered();
  return { at, clock };
}

async function answered(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve));
}

describe('the clock of those who share a memory', () => {
  for (const hours of [26, -26])
    it(`is right on a machine whose own is ${hours} h ahead, which is told once`, async () => {
      const { at, clock } = await machine(hours * HOUR_MS);
      assert.equal(clock.now(), at.right);
      at.right += HOUR_MS;
      assert.equal(clock.now(), at.right);
      await answered();
      assert.deepEqual([clock.now(), at.asked, at.warned], [at.right, 2, 1]);
    });

  it('is right at once when the own one is set forwards and back', async () => {
    const { at, clock } = await machine(0);
    for (const aheadMs of [24 * HOUR_MS, -HOUR_MS, 0]) {
      at.aheadMs = aheadMs;
      at.right += 2_000;
      assert.equal(clock.now(), at.right);
      await answered();
      assert.equal(clock.now(), at.right);
    }
  });

  it('is the own one where that differs by less than an answer may take', async () => {
    const { at, clock } = await machine(1_500);
    assert.deepEqual([clock.now(), at.warned], [at.right + 1_500, 0]);
  });

  it('goes on after a sleep while the others are away', async () => {
    const { at, clock } = await machine(0);
    at.away = true;
    at.right += HOUR_MS;
    at.sleptMs += HOUR_MS - 2_000;
    clock.now();
    await answered();
    assert.equal(clock.now(), at.right);
  });

  it('is the own one until the others answer, and as it was while they are away', async () => {
    const { at, clock } = await machine(HOUR_MS);
    at.away = true;
    at.right += HOUR_MS;
    assert.equal(clock.now(), at.right);
    await answered();
    assert.equal(clock.now(), at.right);
  });
});
