import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bestKernel, type Kernel } from '../../../src/adapters/vector/scanModule.ts';
import { createVectorIndexFactory } from '../../../src/adapters/vector/wasmVectorIndex.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { vectorIndexContract } from '../../contract/vectorIndex.contract.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { clustered, nearestByForce, readerOf } from '../../fixtures/vectors.ts';
import { wasmDirectory } from '../../fixtures/wasm.ts';

const factoryOf = async (kernel: Kernel) =>
  createVectorIndexFactory({ directory: await wasmDirectory(), kernel });
const isUnavailable = (error: unknown) => MemoryError.is(error, 'unavailable');

// The portable one runs everywhere; the other where the runtime has relaxed SIMD.
const kernels: readonly Kernel[] = bestKernel() === 'relaxed' ? ['portable', 'relaxed'] : ['portable'];

describe('the vector index in WebAssembly', function () {
  // The first use may compile the scan.
  this.timeout(120_000);
  before(wasmDirectory);

  for (const kernel of kernels) vectorIndexContract(`the ${kernel} scan`, () => factoryOf(kernel));

  it('takes relaxed SIMD from Node 22 on', () => {
    assert.equal(bestKernel(), Number.parseInt(process.versions.node, 10) >= 22 ? 'relaxed' : 'portable');
  });

  it('takes the best kernel unless told otherwise', async () => {
    const directory = await wasmDirectory();
    await using folder = await temporaryFolder();
    const file = `scan-${bestKernel()}.wasm`;
    await copyFile(join(directory, file), join(folder.path, file));
    using index = createVectorIndexFactory({ directory: folder.path }).create(8);
    assert.equal(index.size, 0);
  });

  if (kernels.length === 1) {
    it('says so where relaxed SIMD is asked for and missing', async () => {
      const factory = await factoryOf('relaxed');
      assert.throws(() => factory.create(8), isUnavailable);
    });
  }

  it('reads snapshots of every kernel with every kernel', async () => {
    const vectors = clustered(300, 100);
    const all = new Map(vectors.entries());
    for (const from of kernels) {
      using index = (await factoryOf(from)).create(100);
      for (const [key, vector] of vectors.entries()) index.upsert(key, vector);
      for (const to of kernels) {
        using restored = (await factoryOf(to)).restore(index.snapshot());
        assert.deepEqual(
          await restored.nearest(vectors[9]!, 20, { read: readerOf(all, 100) }),
          nearestByForce(all, vectors[9]!, 20),
        );
      }
    }
  });

  it('loads nothing before the first index is made', async () => {
    await using folder = await temporaryFolder();
    const factory = createVectorIndexFactory({ directory: folder.path });
    assert.throws(() => factory.create(8), isUnavailable);
  });

  it('names the file that is damaged', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'scan-portable.wasm'), 'no WebAssembly');
    const factory = createVectorIndexFactory({ directory: folder.path, kernel: 'portable' });
    assert.throws(
      () => factory.create(8),
      error => isUnavailable(error) && (error as Error).message.includes('scan-portable.wasm'),
    );
  });
});
