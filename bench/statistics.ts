import { fdatasyncSync, openSync, writeSync } from 'node:fs';

const SYNCS = 200;
const BLOCK_BYTES = 4096;

/** @param q 0..1 */
export function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))]!;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** What one write to the disk costs here, in ms: a block written to a new file and on disk. */
export function fdatasyncTime(path: string): number {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(BLOCK_BYTES, 1);
  const times = Array.from({ length: SYNCS }, () => {
    const began = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    return performance.now() - began;
  });
  return median(times);
}
