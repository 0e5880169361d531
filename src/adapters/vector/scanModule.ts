import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryError } from '../../engine/errors.ts';

/** What `assembly/scan.ts` exports and explains; addresses are bytes of the given memory. */
export interface ScanExports {
  scan(
    base: number,
    first: number,
    end: number,
    dim: number,
    query: number,
    masks: number,
    floor: number,
    heap: number,
    capacity: number,
    held: number,
  ): number;
  gather(
    base: number,
    slots: number,
    count: number,
    dim: number,
    query: number,
    floor: number,
    heap: number,
    capacity: number,
    held: number,
  ): number;
  similarities(base: number, slots: number, count: number, dim: number, query: number, out: number): void;
  read(base: number, count: number, dim: number): number;
}

export type Kernel = 'relaxed' | 'portable';

/** A module with one function, `i32x4.relaxed_dot_i8x16_i7x16_add_s` of three constants: valid where relaxed SIMD is. */
const RELAXED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 17, 65, 0,
  253, 17, 65, 0, 253, 17, 253, 147, 2, 11,
]);

/** The faster kernel where the runtime has relaxed SIMD (Node 22 and later), else the portable one. */
export function bestKernel(): Kernel {
  return WebAssembly.validate(RELAXED_PROBE) ? 'relaxed' : 'portable';
}

const modules = new Map<string, WebAssembly.Module>();

/** @param directory where the build put `scan-*.wasm`. Throws `unavailable` when they are missing or no WebAssembly. */
export function instantiateScan(directory: string, kernel: Kernel, memory: WebAssembly.Memory): ScanExports {
  const file = join(directory, `scan-${kernel}.wasm`);
  const module = modules.get(file) ?? compile(file);
  modules.set(file, module);
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort: () => {} } });
  return exports as unknown as ScanExports;
}

function compile(file: string): WebAssembly.Module {
  try {
    return new WebAssembly.Module(readFileSync(file));
  } catch (error) {
    throw new MemoryError(
      'unavailable',
      `The vector scan ${file} cannot be loaded.`,
      'Install Memory Central again; in its source, run `npm run build`.',
      { cause: error },
    );
  }
}
