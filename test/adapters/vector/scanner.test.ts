import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openScan, type Scan } from '../../../src/adapters/vector/openScan.ts';
import { bestKernel, type Kernel } from '../../../src/adapters/vector/scanModule.ts';
import type { Candidates } from '../../../src/adapters/vector/scanner.ts';
import { dotProduct, randomUnit, seeded, unit } from '../../fixtures/vectors.ts';
import { wasmDirectory } from '../../fixtures/wasm.ts';

const kernels: readonly Kernel[] = bestKernel() === 'relaxed' ? ['portable', 'relaxed'] : ['portable'];

for (const kernel of kernels) {
  describe(`the ${kernel} scanner`, function () {
    this.timeout(120_000);
    let directory: string;
    before(async () => {
      directory = await wasmDirectory();
    });

    it('bounds how far codes are from the truth', () => {
      const vector = (dimensions: number) =>
        fc.oneof(
          fc.integer().map(seed => randomUnit(dimensions, seeded(seed))),
          fc.integer().map(seed => spiky(dimensions, seeded(seed))),
          fc.integer().map(seed => randomUnit(dimensions, seeded(seed)).map(value => value * 2.5)),
        );
      const scenario = fc.constantFrom(1, 16, 65, 384).chain(dimensions =>
        fc.record({
          rows: fc.array(vector(dimensions), { minLength: 1, maxLength: 30 }),
          query: vector(dimensions),
        }),
      );
      fc.assert(
        fc.property(scenario, ({ rows, query }) => {
          const scan = scanOf(directory, kernel, rows);
          scan.scanner.aim(query);
          isWithinBound(scan.scanner.best(rows.length), rows, query);
          isWithinBound(scan.scanner.best(rows.length, Int32Array.of(0)), rows, query);
        }),
        { numRuns: 150 },
      );
    });

    it('does not overflow where every product is the largest', () => {
      const ones = unit(new Float32Array(4096).fill(1));
      const rows = [ones, ones.map(value => -value), ones.map((value, i) => (i % 2 ? value : -value))];
      const scan = scanOf(directory, kernel, rows);
      for (const query of rows) {
        scan.scanner.aim(query);
        isWithinBound(scan.scanner.best(3), rows, query);
      }
    });

    it('keeps the best of all, of few and of many, in one part and in several', () => {
      const random = seeded(11);
      const rows = Array.from({ length: 40_001 }, () => randomUnit(16, random));
      const scan = scanOf(directory, kernel, rows);
      const query = randomUnit(16, random);
      scan.scanner.aim(query);
      const score = scan.scanner.similarities(Int32Array.from(rows.keys()));
      for (const share of [1, 0.9, 0.5, 0.2, 0.01]) {
        const among = Int32Array.from(rows.keys()).filter(() => random() < share);
        const found = scan.scanner.best(100, share === 1 ? undefined : among);
        const allowed = new Set(among);
        const slots = [...found.slots];
        assert.ok(slots.every(slot => allowed.has(slot)));
        assert.equal(new Set(slots).size, 100);
        const worst = Math.min(...slots.map(slot => score[slot]!));
        const better = among.filter(slot => score[slot]! > worst + found.bound && !slots.includes(slot));
        assert.deepEqual([...better], []);
      }
    });

    it('names every row that may reach a score', () => {
      const random = seeded(12);
      const rows = Array.from({ length: 20_000 }, () => randomUnit(16, random));
      const scan = scanOf(directory, kernel, rows);
      const query = randomUnit(16, random);
      scan.scanner.aim(query);
      const all = Int32Array.from(rows.keys());
      for (const [least, among] of [
        [0.7, undefined],
        [0.3, all.filter(slot => slot % 2 === 0)],
        [0.3, all.filter(slot => slot % 50 === 0)],
        [-1, undefined],
      ] as const) {
        const { slots, scores, bound } = scan.scanner.above(least, among);
        const named = new Set(slots);
        for (const slot of among ?? all) {
          if (dotProduct(query, rows[slot]!) >= least) assert.ok(named.has(slot));
        }
        const lowest = scores.reduce((a, b) => Math.min(a, b), 1);
        assert.ok(lowest >= least - bound - 1e-6);
        assert.equal(scores.length, slots.length);
      }
    });

    it('moves a row whole when another is removed', () => {
      const random = seeded(13);
      const rows = Array.from({ length: 7 }, (_, i) =>
        randomUnit(100, random).map(value => (value + 0.02 * i) * 2 ** i),
      );
      const scan = scanOf(directory, kernel, rows);
      scan.codes.removeSwapping(1);
      scan.codes.removeSwapping(5);
      scan.codes.removeSwapping(2);
      const left = [rows[0]!, rows[6]!, rows[4]!, rows[3]!];
      for (const row of left) {
        const query = unit(row);
        scan.scanner.aim(query);
        const found = scan.scanner.best(10);
        assert.deepEqual([...found.slots].sort(), [0, 1, 2, 3]);
        for (const [i, slot] of found.slots.entries()) {
          // Scales and sums of another row would be off by much more, if less than the bound of the longest.
          const truth = dotProduct(query, left[slot]!);
          assert.ok(Math.abs(found.scores[i]! - truth) < 0.02 * Math.hypot(...left[slot]!));
        }
      }
    });
  });
}

function scanOf(directory: string, kernel: Kernel, rows: readonly Float32Array[]): Scan {
  const scan = openScan(directory, kernel, rows[0]!.length);
  for (const [slot, row] of rows.entries()) scan.codes.write(slot, row);
  return scan;
}

function isWithinBound(
  { slots, scores, bound }: Candidates,
  rows: readonly Float32Array[],
  query: Float32Array,
): void {
  assert.ok(slots.length > 0);
  for (const [i, slot] of slots.entries()) {
    const error = Math.abs(scores[i]! - dotProduct(query, rows[slot]!));
    assert.ok(error <= bound, `slot ${slot} is ${error} off, beyond ${bound}`);
  }
}

/** Few large values and many small ones: they quantise badly. */
function spiky(dimensions: number, random: () => number): Float32Array {
  return unit(Float32Array.from({ length: dimensions }, () => (random() - 0.5) ** 15));
}
