import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { GpuDevice, GpuProbe } from '../../engine/ports/gpuProbe.ts';
import { withoutUndefined } from '../../engine/withoutUndefined.ts';
import { toNumber } from './numbers.ts';

/** What the cards of a vendor are called where the kernel tells no name, and its number on the bus. */
const VENDORS = {
  amd: { id: '0x1002', name: 'AMD GPU' },
  intel: { id: '0x8086', name: 'Intel GPU' },
} as const;

/**
 * GPUs of a vendor as Linux tells of them in sysfs. The driver of AMD tells everything; that of Intel neither use nor memory.
 * @param root of sysfs, `/sys`
 */
export function createKernelProbe(vendor: keyof typeof VENDORS, root: string): GpuProbe {
  return {
    async look() {
      const folder = join(root, 'class', 'drm');
      const cards = (await list(folder)).filter(name => /^card\d+$/.test(name)).sort();
      const found = await Promise.all(cards.map(card => deviceOf(join(folder, card, 'device'), vendor)));
      return { devices: found.filter(one => one !== undefined), problems: [] };
    },
  };
}

async function deviceOf(folder: string, vendor: keyof typeof VENDORS): Promise<GpuDevice | undefined> {
  const { id, name } = VENDORS[vendor];
  if ((await text(folder, 'vendor')) !== id) return undefined;
  const [sensors] = (await list(join(folder, 'hwmon'))).sort();
  const sensor = async (file: string, unit: number) => {
    const value = sensors === undefined ? undefined : await number(folder, 'hwmon', sensors, file);
    return value === undefined ? undefined : value / unit;
  };
  const driver = await readlink(join(folder, 'driver')).catch(() => undefined);
  return {
    vendor,
    name: (await text(folder, 'product_name')) || `${name} ${(await text(folder, 'device')) ?? ''}`.trim(),
    ...withoutUndefined({
      driver: driver === undefined ? undefined : basename(driver),
      busyPercent: await number(folder, 'gpu_busy_percent'),
      memoryUsedBytes: await number(folder, 'mem_info_vram_used'),
      memoryTotalBytes: await number(folder, 'mem_info_vram_total'),
      // Thousandths of a degree, millionths of a watt.
      temperatureC: await sensor('temp1_input', 1000),
      powerW: (await sensor('power1_average', 1_000_000)) ?? (await sensor('power1_input', 1_000_000)),
      powerLimitW: await sensor('power1_cap', 1_000_000),
    }),
  };
}

async function number(...path: readonly string[]): Promise<number | undefined> {
  return toNumber(await text(...path));
}

/** undefined: it is not there, or the device sleeps and does not tell. */
async function text(...path: readonly string[]): Promise<string | undefined> {
  try {
    return (await readFile(join(...path), 'utf8')).trim();
  } catch {
    return undefined;
  }
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
