import type { GpuDevice, GpuProbe } from '../../engine/ports/gpuProbe.ts';
import { withoutUndefined } from '../../engine/withoutUndefined.ts';
import { askProgram, type ProgramOptions } from './askProgram.ts';
import { toNumber } from './numbers.ts';

const SHARES = { MB: 2 ** 20, GB: 2 ** 30 } as const;

/** The GPUs of a Mac: which there are by `system_profiler`, how they are by `ioreg`. The system tells no temperature to a user. */
export function createMacProbe(options: ProgramOptions): GpuProbe {
  let known: readonly GpuDevice[] | undefined;
  return {
    async look() {
      const [displays, registry] = await Promise.all([
        // A second's work, and the same as long as the process lives.
        known === undefined
          ? askProgram('system_profiler', ['SPDisplaysDataType', '-json'], options)
          : undefined,
        askProgram('ioreg', ['-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator'], options),
      ]);
      if (displays?.status === 'failed')
        return { devices: [], problems: [`system_profiler ${displays.reason}`] };
      if (displays) known = parseDisplays(displays.output);
      if (!known)
        return { devices: [], problems: displays ? ['system_profiler printed what cannot be read'] : [] };
      const figures = registry?.status === 'ended' ? parseAccelerators(registry.output) : [];
      // Where there are several, which is which is told by nothing that both print.
      const [only] = figures.length === known.length && known.length === 1 ? figures : [];
      return { devices: known.map(device => ({ ...device, ...only })), problems: [] };
    },
  };
}

/** What `system_profiler SPDisplaysDataType -json` prints. @returns undefined when it is something else */
export function parseDisplays(output: string): readonly GpuDevice[] | undefined {
  let list: unknown;
  try {
    list = (JSON.parse(output) as Record<string, unknown> | null)?.['SPDisplaysDataType'];
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((one: Readonly<Record<string, unknown>>) => {
    const name = one['sppci_model'] ?? one['_name'];
    if (typeof name !== 'string') return [];
    const family = String(one['spdisplays_mtlgpufamilysupport'] ?? one['spdisplays_metal'] ?? '');
    const metal = /^spdisplays_metal(\d+)/.exec(family)?.[1];
    return [
      {
        vendor: vendorOf(`${one['spdisplays_vendor']} ${name}`),
        name,
        ...withoutUndefined({
          interface: family === '' ? undefined : metal === undefined ? 'Metal' : `Metal ${metal}`,
          memoryTotalBytes: sizeOf(one['spdisplays_vram']),
        }),
      },
    ];
  });
}

/** How each accelerator is, in the order of what `ioreg` prints. */
export function parseAccelerators(
  output: string,
): readonly Pick<GpuDevice, 'busyPercent' | 'memoryUsedBytes'>[] {
  return [...output.matchAll(/"PerformanceStatistics"\s*=\s*\{([^}]*)\}/g)].map(([, statistics = '']) => {
    // The closing quote tells a figure from its namesakes, such as `In use system memory (driver)`.
    const figure = (name: string) => toNumber(new RegExp(`"${name}"=(\\d+)`).exec(statistics)?.[1]);
    return withoutUndefined({
      busyPercent: figure('Device Utilization %'),
      memoryUsedBytes: figure('In use system memory'),
    });
  });
}

function vendorOf(words: string): GpuDevice['vendor'] {
  if (/apple/i.test(words)) return 'apple';
  if (/amd|ati|radeon/i.test(words)) return 'amd';
  if (/intel/i.test(words)) return 'intel';
  return /nvidia|geforce/i.test(words) ? 'nvidia' : 'other';
}

function sizeOf(text: unknown): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) (MB|GB)$/.exec(String(text)) ?? [];
  return amount === undefined ? undefined : Number(amount) * SHARES[unit as keyof typeof SHARES];
}
