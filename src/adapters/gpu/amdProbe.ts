import type { GpuDevice, GpuProbe, GpuReport } from '../../engine/ports/gpuProbe.ts';
import { withoutUndefined } from '../../engine/withoutUndefined.ts';
import { askProgram, firstLine, type ProgramOptions } from './askProgram.ts';
import { MIB, toNumber } from './numbers.ts';

const ROCM_SMI = [
  ...['--showproductname', '--showuse', '--showmeminfo', 'vram', '--showtemp', '--showpower'],
  ...['--showdriverversion', '--json'],
];

/** AMD's GPUs, by `amd-smi` or the older `rocm-smi`; where neither tells of one, by what the kernel says. */
export function createAmdProbe(options: ProgramOptions, kernel: GpuProbe): GpuProbe {
  return {
    async look() {
      const problems: string[] = [];
      for (const ask of [byAmdSmi, byRocmSmi, () => kernel.look()]) {
        const report = await ask(options);
        // What one tool could not tell is no matter where another can.
        if (report.devices.length > 0) return report;
        problems.push(...report.problems);
      }
      return { devices: [], problems };
    },
  };
}

async function byAmdSmi(options: ProgramOptions): Promise<GpuReport> {
  const [metric, named] = await Promise.all([
    askProgram('amd-smi', ['metric', '--json'], options),
    askProgram('amd-smi', ['static', '--asic', '--driver', '--json'], options),
  ]);
  if (metric === undefined) return { devices: [], problems: [] };
  const names = named?.status === 'ended' ? named.output : '';
  return read('amd-smi', metric, output => parseAmdSmi(output, names));
}

async function byRocmSmi(options: ProgramOptions): Promise<GpuReport> {
  const found = await askProgram('rocm-smi', ROCM_SMI, options);
  return found === undefined ? { devices: [], problems: [] } : read('rocm-smi', found, parseRocmSmi);
}

function read(
  tool: string,
  outcome: NonNullable<Awaited<ReturnType<typeof askProgram>>>,
  parse: (output: string) => readonly GpuDevice[] | undefined,
): GpuReport {
  if (outcome.status === 'failed') return { devices: [], problems: [`${tool} ${outcome.reason}`] };
  const devices = parse(outcome.output);
  if (devices) return { devices, problems: [] };
  return { devices: [], problems: [`${tool} says: ${firstLine(outcome.output)}`] };
}

/**
 * What `amd-smi metric --json` prints: a list of GPUs, of late within `gpu_data`.
 * @param named what `amd-smi static --asic --driver --json` prints
 */
export function parseAmdSmi(output: string, named: string): readonly GpuDevice[] | undefined {
  const metrics = gpusOf(output);
  if (!metrics) return undefined;
  const names = gpusOf(named) ?? [];
  return metrics.map(one => {
    const about = names.find(other => other['gpu'] === one['gpu']);
    const temperature = ['edge', 'hotspot'].map(sensor => amount(one, 'temperature', sensor));
    const driver = at(about, 'driver', 'version') ?? at(about, 'driver', 'driver_version');
    return {
      vendor: 'amd',
      name: String(at(about, 'asic', 'market_name') ?? `AMD GPU ${one['gpu']}`),
      interface: 'ROCm',
      ...withoutUndefined({
        driver: typeof driver === 'string' && driver !== 'N/A' ? driver : undefined,
        busyPercent: amount(one, 'usage', 'gfx_activity'),
        memoryUsedBytes: mebibytes(amount(one, 'mem_usage', 'used_vram')),
        memoryTotalBytes: mebibytes(amount(one, 'mem_usage', 'total_vram')),
        temperatureC: temperature.find(value => value !== undefined),
        powerW: amount(one, 'power', 'socket_power'),
      }),
    };
  });
}

/** What `rocm-smi --json` prints: an object with `card0`, `card1`, …, and `system`. Names of fields changed between releases. */
export function parseRocmSmi(output: string): readonly GpuDevice[] | undefined {
  const parsed = parseJson(output);
  if (!isObject(parsed)) return undefined;
  const cards = Object.entries(parsed).filter(([key]) => /^card\d+$/.test(key));
  if (cards.length === 0) return undefined;
  const driver = at(parsed, 'system', 'Driver version');
  return cards.map(([key, card]) => {
    const field = (pattern: RegExp) =>
      isObject(card) ? Object.entries(card).find(([name]) => pattern.test(name))?.[1] : undefined;
    return {
      vendor: 'amd',
      name: String(field(/^card series$/i) ?? field(/^device name$/i) ?? `AMD GPU ${key.slice(4)}`),
      interface: 'ROCm',
      ...withoutUndefined({
        driver: typeof driver === 'string' ? driver : undefined,
        busyPercent: toNumber(field(/^gpu use \(%\)$/i)),
        memoryUsedBytes: toNumber(field(/^vram total used memory \(b\)$/i)),
        memoryTotalBytes: toNumber(field(/^vram total memory \(b\)$/i)),
        temperatureC: toNumber(field(/sensor edge\)/i)) ?? toNumber(field(/sensor junction\)/i)),
        powerW: toNumber(field(/package power \(w\)$/i)),
      }),
    };
  });
}

type Json = Readonly<Record<string, unknown>>;

function gpusOf(output: string): readonly Json[] | undefined {
  const parsed = parseJson(output);
  const list = isObject(parsed) ? parsed['gpu_data'] : parsed;
  return Array.isArray(list) && list.length > 0 && list.every(isObject) ? list : undefined;
}

function amount(json: Json, ...path: readonly string[]): number | undefined {
  const found = at(json, ...path);
  return toNumber(isObject(found) ? found['value'] : found);
}

function mebibytes(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * MIB;
}

function at(json: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), json);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
