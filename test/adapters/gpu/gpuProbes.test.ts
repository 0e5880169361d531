import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRocmSmi } from '../../../src/adapters/gpu/amdProbe.ts';
import { createGpuProbes, type GpuProbeOptions } from '../../../src/adapters/gpu/createGpuProbes.ts';
import { findProgram } from '../../../src/adapters/gpu/findProgram.ts';
import { parseDisplays } from '../../../src/adapters/gpu/macProbe.ts';
import { cudaVersion, parseNvidia } from '../../../src/adapters/gpu/nvidiaProbe.ts';
import type { GpuReport } from '../../../src/engine/ports/gpuProbe.ts';
import {
  AMD_SMI_METRIC,
  AMD_SMI_STATIC,
  addFiles,
  addProgram,
  IOREG,
  NVIDIA_BANNER,
  NVIDIA_QUERY,
  NVIDIA_WITHOUT_DRIVER,
  printing,
  ROCM_SMI,
  SYSTEM_PROFILER,
} from '../../fixtures/gpuTools.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const MIB = 2 ** 20;

/** What all probes of a system find where these programs are on the path and these files in sysfs. */
async function found(
  programs: Readonly<Record<string, string>>,
  options: GpuProbeOptions & { readonly files?: Readonly<Record<string, string>> } = {},
): Promise<GpuReport> {
  await using folder = await temporaryFolder();
  for (const [name, script] of Object.entries(programs)) await addProgram(folder.path, name, script);
  await addFiles(join(folder.path, 'sys'), options.files ?? {});
  const probes = createGpuProbes({
    platform: 'linux',
    path: folder.path,
    sysfs: join(folder.path, 'sys'),
    ...options,
  });
  const reports = await Promise.all(probes.map(probe => probe.look()));
  return {
    devices: reports.flatMap(({ devices }) => devices),
    problems: reports.flatMap(({ problems }) => problems),
  };
}

const NVIDIA = `case "$1" in --query-gpu=*) ${printing(NVIDIA_QUERY)}\n;; *) ${printing(NVIDIA_BANNER)}\n;; esac`;
const NONE: GpuReport = { devices: [], problems: [] };

describe('the GPUs of a machine', () => {
  it('are none, without a problem, where there is neither tool nor device', async () => {
    assert.deepEqual(await found({}), NONE);
    for (const platform of ['darwin', 'win32'] as const)
      assert.deepEqual(await found({}, { platform }), NONE);
  });

  it('are found on this machine only where the system knows of one', async () => {
    const reports = await Promise.all(createGpuProbes().map(probe => probe.look()));
    const seen = reports.some(({ devices }) => devices.length > 0);
    const known = ['/dev/nvidiactl', '/dev/kfd', '/dev/dri', '/sys/class/drm/card0', '/System/Library'];
    assert.ok(!seen || known.some(existsSync));
    const told = seen || reports.some(({ problems }) => problems.length > 0);
    assert.ok(!existsSync('/dev/nvidiactl') || told);
  });

  it('are told by nvidia-smi, without what it does not know', async () => {
    assert.deepEqual(await found({ 'nvidia-smi': NVIDIA }), {
      devices: [
        {
          vendor: 'nvidia',
          name: 'NVIDIA H200',
          driver: '550.54.15',
          interface: 'CUDA 12.4',
          busyPercent: 37,
          memoryUsedBytes: 18322 * MIB,
          memoryTotalBytes: 143771 * MIB,
          temperatureC: 41,
          powerW: 120.52,
          powerLimitW: 700,
        },
        {
          vendor: 'nvidia',
          name: 'NVIDIA GeForce GT 1030',
          driver: '550.54.15',
          interface: 'CUDA 12.4',
          memoryUsedBytes: 3 * MIB,
          memoryTotalBytes: 8192 * MIB,
          temperatureC: 35,
        },
      ],
      problems: [],
    });
  });

  it('are told by nvidia-smi on Windows too', async () => {
    const { devices } = await found({ 'nvidia-smi': NVIDIA }, { platform: 'win32' });
    assert.deepEqual(
      devices.map(({ name }) => name),
      ['NVIDIA H200', 'NVIDIA GeForce GT 1030'],
    );
  });

  it('are none where nvidia-smi finds none', async () => {
    const script = `${printing('No devices were found')}\nexit 6`;
    assert.deepEqual(await found({ 'nvidia-smi': script }), NONE);
  });

  it('are a problem where nvidia-smi cannot reach its driver', async () => {
    const script = `${printing(NVIDIA_WITHOUT_DRIVER)}\nexit 9`;
    const { devices, problems } = await found({ 'nvidia-smi': script });
    assert.deepEqual(devices, []);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /^nvidia-smi says: NVIDIA-SMI has failed because it couldn't communicate/);
  });

  for (const [what, script, problem] of [
    [
      'prints garbage',
      printing('\u0001\u0002 <html>, 1, 2, 3, 4, 5, 6, 7'),
      /nvidia-smi printed what cannot be read/,
    ],
    ['prints nothing', 'true', /nvidia-smi printed what cannot be read/],
    ['prints without end', 'while :; do echo 0, 0, 0, 0, 0, 0, 0, x; done', /nvidia-smi printed without end/],
    ['is killed', 'kill -9 $$', /nvidia-smi says: nothing was printed/],
  ] as const) {
    it(`are a problem, and no more, where nvidia-smi ${what}`, async () => {
      const { devices, problems } = await found({ 'nvidia-smi': script });
      assert.deepEqual(devices, []);
      assert.equal(problems.length, 1);
      assert.match(problems[0]!, problem);
    });
  }

  it('are a problem, and no more, where nvidia-smi is no program', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'nvidia-smi');
    await writeFile(file, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 2, 3]), { mode: 0o755 });
    const { devices, problems } = await found({}, { path: folder.path });
    assert.deepEqual(devices, []);
    assert.match(problems.join(), /^nvidia-smi (?:could not be run|says): /);
  });

  it('are a problem where nvidia-smi hangs, which is ended then', async () => {
    await using folder = await temporaryFolder();
    const pid = join(folder.path, 'pid');
    const script = `echo $$ >> ${pid}\nexec /bin/sleep 1000`;
    assert.deepEqual(await found({ 'nvidia-smi': script }, { deadlineMs: 300 }), {
      devices: [],
      problems: ['nvidia-smi did not answer within 0.3 s'],
    });
    const pids = (await readFile(pid, 'utf8')).trim().split('\n').map(Number);
    await until(() => pids.every(one => !existsSync(`/proc/${one}/cmdline`)));
  });

  it('do not wait for what a tool has started and left', async () => {
    await using folder = await temporaryFolder();
    const pid = join(folder.path, 'pid');
    // The child holds the tool's output open.
    const script = `/bin/sleep 1000 &\necho $! > ${pid}\n${printing(NVIDIA_QUERY)}`;
    const { problems } = await found({ 'nvidia-smi': script }, { deadlineMs: 300 });
    process.kill(Number(await readFile(pid, 'utf8')), 'SIGKILL');
    assert.deepEqual(problems, ['nvidia-smi did not answer within 0.3 s']);
  });

  it('are told by amd-smi', async () => {
    const script = `case "$1" in metric) ${printing(AMD_SMI_METRIC)}\n;; *) ${printing(AMD_SMI_STATIC)}\n;; esac`;
    assert.deepEqual(await found({ 'amd-smi': script, 'rocm-smi': printing(ROCM_SMI) }), {
      devices: [
        {
          vendor: 'amd',
          name: 'AMD Radeon AI PRO R9700',
          driver: '6.12.12',
          interface: 'ROCm',
          busyPercent: 47,
          memoryUsedBytes: 4096 * MIB,
          memoryTotalBytes: 32704 * MIB,
          temperatureC: 55,
          powerW: 80,
        },
        { vendor: 'amd', name: 'AMD GPU 1', interface: 'ROCm' },
      ],
      problems: [],
    });
  });

  it('are told by rocm-smi where amd-smi fails', async () => {
    const programs = { 'amd-smi': 'echo no module named amdsmi; exit 1', 'rocm-smi': printing(ROCM_SMI) };
    assert.deepEqual(await found(programs), {
      devices: [
        {
          vendor: 'amd',
          name: 'Radeon RX 7900 XT',
          driver: '6.7.0',
          interface: 'ROCm',
          busyPercent: 12,
          memoryUsedBytes: 27856896,
          memoryTotalBytes: 21458059264,
          temperatureC: 47,
          powerW: 22,
        },
      ],
      problems: [],
    });
  });

  it('are told by the kernel where no tool tells of them', async () => {
    const files = {
      'class/drm/card0/device/vendor': '0x8086',
      'class/drm/card0/device/device': '0x56a0',
      'class/drm/card0/device/driver': '->../../../bus/pci/drivers/i915',
      'class/drm/card0/device/hwmon/hwmon3/temp1_input': '52000',
      'class/drm/card1/device/vendor': '0x1002',
      'class/drm/card1/device/product_name': 'AMD Instinct MI210',
      'class/drm/card1/device/gpu_busy_percent': '88',
      'class/drm/card1/device/mem_info_vram_used': '27481079808',
      'class/drm/card1/device/mem_info_vram_total': '68702699520',
      'class/drm/card1/device/hwmon/hwmon5/temp1_input': '71500',
      'class/drm/card1/device/hwmon/hwmon5/power1_average': '120000000',
      'class/drm/card1/device/hwmon/hwmon5/power1_cap': '300000000',
      'class/drm/card1-DP-1/status': 'connected',
      'class/drm/card2/device/vendor': '0x1a03',
      'class/drm/version': 'drm 1.1.0 20060810',
    };
    assert.deepEqual(await found({}, { files }), {
      devices: [
        {
          vendor: 'amd',
          name: 'AMD Instinct MI210',
          busyPercent: 88,
          memoryUsedBytes: 27481079808,
          memoryTotalBytes: 68702699520,
          temperatureC: 71.5,
          powerW: 120,
          powerLimitW: 300,
        },
        { vendor: 'intel', name: 'Intel GPU 0x56a0', driver: 'i915', temperatureC: 52 },
      ],
      problems: [],
    });
  });

  it('are told by system_profiler and ioreg on a Mac', async () => {
    const programs = { system_profiler: printing(SYSTEM_PROFILER), ioreg: printing(IOREG) };
    assert.deepEqual(await found(programs, { platform: 'darwin' }), {
      devices: [
        {
          vendor: 'apple',
          name: 'Apple M3 Pro',
          interface: 'Metal 3',
          busyPercent: 16,
          memoryUsedBytes: 2363801600,
        },
      ],
      problems: [],
    });
    const without = await found({ system_profiler: printing(SYSTEM_PROFILER) }, { platform: 'darwin' });
    assert.deepEqual(without.devices, [{ vendor: 'apple', name: 'Apple M3 Pro', interface: 'Metal 3' }]);
  });

  it('are read as several releases print them', () => {
    const older = '{"card0":{"Card series":"Instinct MI210","Average Graphics Package Power (W)":"120.0"}}';
    assert.deepEqual(parseRocmSmi(older), [
      { vendor: 'amd', name: 'Instinct MI210', interface: 'ROCm', powerW: 120 },
    ]);
    assert.equal(cudaVersion('| NVIDIA-SMI 590.10  KMD Version: 590.10  CUDA UMD Version: 13.1 |'), '13.1');
    const intel = `{"SPDisplaysDataType":[
      {"_name":"Intel Iris Pro","sppci_model":"Intel Iris Pro","spdisplays_vendor":"Intel","spdisplays_vram_shared":"1536 MB"},
      {"_name":"kHW_Item","sppci_model":"NVIDIA GeForce GT 750M","spdisplays_vram":"2 GB"}]}`;
    assert.deepEqual(parseDisplays(intel), [
      { vendor: 'intel', name: 'Intel Iris Pro' },
      { vendor: 'nvidia', name: 'NVIDIA GeForce GT 750M', memoryTotalBytes: 2 * 2 ** 30 },
    ]);
    assert.equal(
      parseNvidia('1, 2, 3, 4, 5, 6, 550.1, A GPU, of two parts')?.[0]?.name,
      'A GPU, of two parts',
    );
  });
});

describe('findProgram', () => {
  it('looks into absolute folders only', async () => {
    await using folder = await temporaryFolder();
    const bin = join(folder.path, 'bin');
    await mkdir(bin);
    await addProgram(bin, 'tool', 'true');
    await writeFile(join(bin, 'text'), 'no program');
    const before = process.cwd();
    process.chdir(bin);
    try {
      assert.equal(await findProgram('tool', ':.:'), undefined);
    } finally {
      process.chdir(before);
    }
    assert.equal(await findProgram('tool', `.:/nowhere:${bin}`), join(bin, 'tool'));
    assert.equal(await findProgram('text', bin), undefined);
  });
});
