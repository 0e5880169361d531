import assert from 'node:assert/strict';
import { Burst } from '../../../src/surfaces/editor/burst.ts';
import { until } from '../../fixtures/until.ts';

describe('a burst of changes', () => {
  it('runs once for all of them, and once more for what came while it ran', async () => {
    let runs = 0;
    let finish = () => {};
    const burst = new Burst(() => {
      runs++;
      return new Promise(resolve => {
        finish = resolve;
      });
    }, 1);
    for (let i = 0; i < 100; i++) burst.soon();
    assert.equal(runs, 0);
    await until(async () => runs === 1);
    for (let i = 0; i < 100; i++) burst.soon();
    finish();
    await until(async () => runs === 2);
    finish();
    burst.soon();
    await until(async () => runs === 3);
    burst.dispose();
  });

  it('is waited for from the first change, not from the last', async () => {
    let changes = 0;
    let seen = 0;
    const burst = new Burst(async () => {
      seen = changes;
    }, 5);
    // Changes that never stop do not put it off.
    await until(async () => {
      changes++;
      burst.soon();
      return seen > 0;
    });
    burst.dispose();
  });

  it('pauses after it ran, and runs once then for all that changed meanwhile', async () => {
    let [changes, runs, seen] = [0, 0, 0];
    const burst = new Burst(async () => {
      runs++;
      seen = changes;
    }, 200);
    await until(async () => {
      changes++;
      burst.soon();
      return runs === 3;
    });
    // Without the pause it would run for each of them.
    assert.ok(changes > 2 * runs, String(changes));
    await until(async () => seen === changes);
    burst.dispose();
  });

  it('runs no more once it is disposed of', async () => {
    let runs = 0;
    const burst = new Burst(async () => {
      runs++;
    }, 1);
    burst.soon();
    burst.dispose();
    burst.soon();
    await new Promise(resolve => setTimeout(resolve, 20));
    assert.equal(runs, 0);
  });
});
