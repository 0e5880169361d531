import { mkdir, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { main as asc } from 'assemblyscript/asc';
import { packageRoot } from '../main/assets.ts';

const BUILDS = [
  { name: 'scan-relaxed.wasm', features: 'simd,relaxed-simd' },
  { name: 'scan-portable.wasm', features: 'simd' },
];

/** Compiles the scan twice into `outDir`: for runtimes with relaxed SIMD, and for all others. Whoever loads it meanwhile gets the old one. */
export async function buildWasm(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  for (const { name, features } of BUILDS) {
    const file = join(resolve(outDir), name);
    const own = `${file}.${process.pid}`;
    const { error, stderr } = await asc([
      join(packageRoot, 'src/adapters/vector/assembly/scan.ts'),
      ...['--outFile', own, '--enable', features],
      ...['--runtime', 'stub', '--importMemory', '--noAssert', '--optimizeLevel', '3', '--shrinkLevel', '0'],
    ]);
    if (error) throw new Error(`${name} did not compile: ${stderr}`, { cause: error });
    await rename(own, file);
  }
}

if (process.argv[1]?.endsWith('buildWasm.ts')) await buildWasm('dist');
