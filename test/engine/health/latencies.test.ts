import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Latencies } from '../../../src/engine/health/latencies.ts';

describe('Latencies', () => {
  it('is zeros while nothing was noted', () => {
    assert.deepEqual(new Latencies().latency, { count: 0, p50Ms: 0, p95Ms: 0 });
  });

  it('tells the percentiles of hundred measurements, in whatever order', () => {
    const latencies = new Latencies();
    for (let i = 0; i < 100; i++) latencies.note(((i * 37) % 100) + 1);
    assert.deepEqual(latencies.latency, { count: 100, p50Ms: 50, p95Ms: 95 });
  });

  it('forgets all but the last 256', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 700 }),
        all => {
          const latencies = new Latencies();
          for (const ms of all) latencies.note(ms);
          const sorted = all.slice(-256).sort((a, b) => a - b);
          const { count, p50Ms, p95Ms } = latencies.latency;
          assert.equal(count, all.length);
          // At least so many of them are no longer than that, and it is one of them.
          for (const [share, value] of [
            [0.5, p50Ms],
            [0.95, p95Ms],
          ] as const) {
            assert.ok(sorted.includes(value));
            assert.ok(sorted.filter(ms => ms <= value).length >= sorted.length * share);
            assert.ok(sorted.filter(ms => ms < value).length < sorted.length * share);
          }
        },
      ),
    );
  });
});
