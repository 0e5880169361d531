import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK_BYTES = 4096;

/** @param q 0..1 */
export function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))]!;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Writes to a new file in `folder`; each call returns the ms until one block is on disk. */
export function fdatasyncTimer(folder: string): () => number {
  const file = openSync(join(folder, 'sync'), 'w');
  const block = Buffer.alloc(BLOCK_BYTES, 1);
  return () => {
    const began = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    return performance.now() - began;
  };
}
