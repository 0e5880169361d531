import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryError } from '../../engine/errors.ts';

const BLOCK_BYTES = 1 << 20;

/**
 * Compares every file named in the folder's `SHA256SUMS` with its checksum, so that a model cut short or damaged
 * is never used: ONNX Runtime itself accepts flipped weights. Throws `unavailable`, naming the file.
 */
export function verifyModel(directory: string): void {
  const sums = readSums(directory);
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  for (const { name, sum } of sums) {
    let actual: string;
    try {
      actual = checksum(join(directory, name), block);
    } catch (error) {
      throw damaged(directory, `${name} cannot be read`, error);
    }
    if (actual !== sum) throw damaged(directory, `${name} is damaged or cut short`);
  }
}

/** Only looks whether every file is there, in microseconds. Throws as `verifyModel` does. */
export function findModel(directory: string): void {
  for (const { name } of readSums(directory))
    if (!existsSync(join(directory, name))) throw damaged(directory, `${name} is missing`);
}

function readSums(directory: string): readonly { name: string; sum: string }[] {
  let text: string;
  try {
    text = readFileSync(join(directory, 'SHA256SUMS'), 'utf8');
  } catch (error) {
    throw damaged(directory, 'SHA256SUMS cannot be read', error);
  }
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const sums = lines.map(line => /^([0-9a-f]{64}) [ *](.+?)\r?$/.exec(line));
  if (sums.length === 0 || sums.includes(null)) throw damaged(directory, 'SHA256SUMS is damaged');
  return sums.map(match => ({ sum: match![1]!, name: match![2]! }));
}

/** Block by block: the model never lies in memory as a whole. */
function checksum(path: string, block: Buffer): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const read = readSync(file, block);
      if (read === 0) return hash.digest('hex');
      hash.update(block.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}

function damaged(directory: string, what: string, cause?: unknown): MemoryError {
  return new MemoryError(
    'unavailable',
    `The embedding model in ${directory} cannot be used: ${what}.`,
    'Install Memory Central again to restore its model files, or choose another embedding model in the settings.',
    { cause },
  );
}
