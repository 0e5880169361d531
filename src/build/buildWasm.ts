import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main as asc } from 'assemblyscript/asc';

const root = fileURLToPath(new URL('../..', import.meta.url));

const BUILDS = [
  { name: 'scan-relaxed.wasm', features: 'simd,relaxed-simd' },
  { name: 'scan-portable.wasm', features: 'simd' },
];

/** Compiles the scan twice into `outDir`: for runtimes with relaxed SIMD, and for all others. */
export async function buildWasm(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  for (const { name, features } of BUILDS) {
    const { error, stderr } = await asc([
      join(root, 'src/adapters/vector/assembly/scan.ts'),
      ...['--outFile', join(resolve(outDir), name), '--enable', features],
      ...['--runtime', 'stub', '--importMemory', '--noAssert', '--optimizeLevel', '3', '--shrinkLevel', '0'],
    ]);
    if (error) throw new Error(`${name} did not compile: ${stderr}`, { cause: error });
  }
}
