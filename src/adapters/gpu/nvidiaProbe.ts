import type { GpuDevice, GpuProbe, GpuReport } from '../../engine/ports/gpuProbe.ts';
import { withoutUndefined } from '../../engine/withoutUndefined.ts';
import { askProgram, firstLine, type ProgramOptions } from './askProgram.ts';
import { MIB, toNumber } from './numbers.ts';

/** The name comes last: all else is known to hold no comma. */
const FIELDS = [
  ...['utilization.gpu', 'memory.used', 'memory.total', 'temperature.gpu'],
  ...['power.draw', 'power.limit', 'driver_version', 'name'],
];
const QUERY = [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'];
/** What stands where there is no number: `[N/A]`, `[Not Supported]`, `[Unknown Error]`. */
const NO_NUMBER = /^\[?(?:N\/A|Not Supported|Unknown Error|GPU is lost)\]?$/i;

/** NVIDIA's GPUs, by `nvidia-smi`. */
export function createNvidiaProbe(options: ProgramOptions): GpuProbe {
  let cuda: string | undefined;
  return {
    async look() {
      const [found, banner] = await Promise.all([
        askProgram('nvidia-smi', QUERY, options),
        // Which CUDA the driver brings is told nowhere else, and stays.
        cuda === undefined ? askProgram('nvidia-smi', [], options) : undefined,
      ]);
      if (found === undefined) return { devices: [], problems: [] };
      if (banner?.status === 'ended') cuda = cudaVersion(banner.output);
      if (found.status === 'failed') return failed(found.reason);
      if (/no devices were found/i.test(found.output)) return { devices: [], problems: [] };
      if (found.code !== 0) return failed(`says: ${firstLine(found.output)}`);
      const devices = parseNvidia(found.output, cuda);
      return devices ? { devices, problems: [] } : failed('printed what cannot be read');
    },
  };
}

/** @returns undefined where a line is not as asked for */
export function parseNvidia(output: string, cuda?: string): readonly GpuDevice[] | undefined {
  const devices: GpuDevice[] = [];
  for (const line of output.split('\n')) {
    if (line.trim() === '') continue;
    const fields = line.split(',').map(field => field.trim());
    const numbers = fields.slice(0, 6);
    const [driver, ...name] = fields.slice(6);
    const readable = numbers.every(field => toNumber(field) !== undefined || NO_NUMBER.test(field));
    if (!readable || !driver || name.length === 0) return undefined;
    const [busyPercent, used, total, temperatureC, powerW, powerLimitW] = numbers.map(toNumber);
    devices.push({
      vendor: 'nvidia',
      name: name.join(', '),
      driver,
      interface: cuda === undefined ? 'CUDA' : `CUDA ${cuda}`,
      ...withoutUndefined({
        ...{ busyPercent, temperatureC, powerW, powerLimitW },
        memoryUsedBytes: used === undefined ? undefined : used * MIB,
        memoryTotalBytes: total === undefined ? undefined : total * MIB,
      }),
    });
  }
  return devices.length > 0 ? devices : undefined;
}

/** Out of the head of what `nvidia-smi` prints without arguments. */
export function cudaVersion(output: string): string | undefined {
  return /CUDA (?:\w+ )?Version\s*:\s*(\d+(?:\.\d+)+)/.exec(output)?.[1];
}

function failed(why: string): GpuReport {
  return { devices: [], problems: [`nvidia-smi ${why}`] };
}
