import assert from 'node:assert/strict';
import { createGpuProbes } from '../../../src/adapters/gpu/createGpuProbes.ts';
import { createWebGpuProbe } from '../../../src/adapters/gpu/webGpuProbe.ts';
import { machine } from '../../../src/adapters/node/machine.ts';
import { Devices } from '../../../src/engine/health/devices.ts';
import { addProgram, NVIDIA_QUERY, printing } from '../../fixtures/gpuTools.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const webGpu = createWebGpuProbe({
  requestAdapter: async () => ({
    info: { vendor: 'nvidia', architecture: 'hopper', device: '', description: '' },
  }),
});

describe('Devices', () => {
  it('asks WebGPU where the tools of the system know of none', async () => {
    await using folder = await temporaryFolder();
    const { path } = folder;
    const names = async () => {
      const probes = createGpuProbes({ platform: 'linux', path, sysfs: path });
      return (await new Devices(probes, machine, webGpu).look()).gpus.map(({ name }) => name);
    };
    assert.deepEqual(await names(), ['nvidia hopper']);
    await addProgram(path, 'nvidia-smi', printing(NVIDIA_QUERY));
    assert.deepEqual(await names(), ['NVIDIA H200', 'NVIDIA GeForce GT 1030']);
  });

  it('tells the cores, and the room where a file is', async () => {
    await using folder = await temporaryFolder();
    const devices = new Devices([], machine);
    const { cpu } = await devices.look();
    assert.ok(cpu.cores >= 1 && cpu.busyPercent >= 0 && cpu.busyPercent <= 100);
    const room = await devices.room(folder.path);
    assert.ok(room && room.freeBytes > 0 && room.freeBytes <= room.totalBytes);
    assert.equal(await devices.room(`${folder.path}/nothing`), undefined);
  });
});
