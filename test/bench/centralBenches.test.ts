import assert from 'node:assert/strict';
import type { BenchResult } from '../../bench/benchResult.ts';
import { lanBench } from '../../bench/lan.ts';
import { sizesBench } from '../../bench/sizes.ts';

describe('the benchmarks of the central Redis', function () {
  this.timeout(120_000);

  it('measure what records and memories take', async () => {
    const mix = { name: 'a moment', sessions: 2, embeddings: 20, queue: 100, limitMb: 10 };
    const results = await sizesBench({ mixes: [mix], memories: [600], each: 50 });
    measured(results);
    assert.deepEqual(
      results.filter(({ name }) => name.startsWith('a moment')).map(({ met }) => met),
      [true, true],
    );
    // A vector of 768 numbers alone has 3,072 bytes.
    for (const { name, value } of results)
      if (name.startsWith('one embedding')) assert.ok(value > 3_072, name);
  });

  it('serve clients of several machines at once', async () => {
    const results = await lanBench({ memories: 200, machines: 2, clients: 4, rate: 60, seconds: 2 });
    measured(results);
    for (const kind of ['recall', 'store of a memory', 'session read', 'tool-cache check', 'queue append'])
      assert.ok(
        results.some(({ name }) => name.includes(`: ${kind}, p95`)),
        kind,
      );
  });
});

function measured(results: readonly BenchResult[]): void {
  for (const { name, value } of results) assert.ok(Number.isFinite(value) && value >= 0, `${name}: ${value}`);
}
