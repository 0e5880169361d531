import assert from 'node:assert/strict';
import { createWebGpuProbe, ownWebGpu, type WebGpu } from '../../../src/adapters/gpu/webGpuProbe.ts';

const NONE = { devices: [], problems: [] };

describe('the GPU that WebGPU tells of', () => {
  it('is none where there is no adapter, and this runtime has no WebGPU', async () => {
    assert.deepEqual(await createWebGpuProbe({ requestAdapter: async () => null }).look(), NONE);
    assert.equal(ownWebGpu(), undefined);
  });

  it('is named as well as it is known', async () => {
    const named = async (info: object) =>
      (
        await createWebGpuProbe({
          requestAdapter: async () => ({
            info: { vendor: '', architecture: '', device: '', description: '', ...info },
          }),
        }).look()
      ).devices[0];
    const by = { interface: 'WebGPU' };
    assert.deepEqual(await named({ vendor: 'nvidia', architecture: 'ampere' }), {
      ...{ vendor: 'nvidia', name: 'nvidia ampere' },
      ...by,
    });
    assert.deepEqual(await named({ vendor: 'apple', description: 'Apple M3 Pro' }), {
      ...{ vendor: 'apple', name: 'Apple M3 Pro' },
      ...by,
    });
    assert.deepEqual(await named({ vendor: 'qualcomm', device: '0x36334330' }), {
      ...{ vendor: 'other', name: '0x36334330' },
      ...by,
    });
    assert.deepEqual(await named({}), { ...{ vendor: 'other', name: 'GPU' }, ...by });
  });

  it('is a problem where asking fails', async () => {
    const gpu: WebGpu = { requestAdapter: () => Promise.reject(new Error('the GPU process is gone')) };
    assert.deepEqual(await createWebGpuProbe(gpu).look(), {
      devices: [],
      problems: ['WebGPU says: the GPU process is gone'],
    });
  });
});
