import { Codes } from './codes.ts';
import { ROWS_AT } from './layout.ts';
import { ScanMemory } from './scanMemory.ts';
import { instantiateScan, type Kernel } from './scanModule.ts';
import { Scanner } from './scanner.ts';

/** Room for rows and the scan over them. */
export interface Scan {
  readonly codes: Codes;
  readonly scanner: Scanner;
  /** Reads all codes and does next to nothing with them: what a scan is measured by. */
  read(): void;
}

/** @param directory where the build put the WebAssembly @param dimensions 1..4096 */
export function openScan(directory: string, kernel: Kernel, dimensions: number): Scan {
  const memory = new ScanMemory(ROWS_AT);
  const codes = new Codes(memory, dimensions);
  const exports = instantiateScan(directory, kernel, memory.memory);
  return {
    codes,
    scanner: new Scanner(memory, codes, exports, kernel),
    read: () => exports.read(ROWS_AT, codes.rows, codes.layout.padded),
  };
}
