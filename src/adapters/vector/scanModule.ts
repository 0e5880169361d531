import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `assembly/scan.ts` exports; addresses are bytes of the given memory. */
export interface ScanExports {
  scan(
    base: number,
    count: number,
    dim: number,
    query: number,
    masked: number,
    heap: number,
    capacity: number,
  ): number;
  similarities(base: number, dim: number, query: number, slots: number, count: number, out: number): void;
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

/** @param directory where the build put `scan-*.wasm` */
export function instantiateScan(directory: string, kernel: Kernel, memory: WebAssembly.Memory): ScanExports {
  const file = join(directory, `scan-${kernel}.wasm`);
  let module = modules.get(file);
  if (!module) {
    module = new WebAssembly.Module(readFileSync(file));
    modules.set(file, module);
  }
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort: () => {} } });
  return exports as unknown as ScanExports;
}
