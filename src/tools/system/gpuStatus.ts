import { z } from 'zod';
import type { GpuDevice } from '../../engine/ports/gpuProbe.ts';
import { defineTool } from '../defineTool.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const whole = z.number().int();

const gpu = z.object({
  vendor: z.enum(['nvidia', 'amd', 'intel', 'apple', 'other']),
  name: z.string(),
  driver: z.string().optional(),
  interface: z.string().optional().describe('Such as CUDA 12.4, ROCm, Metal 3'),
  busy_percent: z.number().optional(),
  memory_used_mib: whole.optional(),
  memory_total_mib: whole.optional(),
  temperature_c: z.number().optional(),
  power_w: z.number().optional(),
  power_limit_w: z.number().optional(),
});

export const gpuStatus = defineTool({
  name: 'gpu_status',
  title: 'GPU status',
  description: 'GPUs of this machine: use, memory, temperature, driver; what embeddings run on.',
  effect: 'reads',
  set: 'agents',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  withinNamespaces: true,
  input: z.strictObject({}),
  output: z.object({
    available: z.boolean(),
    gpus: z.array(gpu).describe('What a GPU’s tool does not tell is absent'),
    problems: z.array(z.string()).describe('Why a GPU’s tool that is there told nothing'),
    cpu: z.object({ model: z.string(), cores: whole, busy_percent: z.number() }),
    embeddings: z.object({
      model: z.string().nullable(),
      device: z.string().nullable().describe('null until the model was used'),
      status: z.enum(['idle', 'ready', 'failed', 'off']),
    }),
  }),
  async handle(_, { engine }) {
    const [{ gpus, problems, cpu }, { embedding }] = await Promise.all([
      engine.devices.look(),
      engine.status(),
    ]);
    const { model, state } = embedding;
    return {
      available: gpus.length > 0,
      gpus: gpus.map(viewGpu),
      problems: [...problems],
      cpu: { model: cpu.model, cores: cpu.cores, busy_percent: cpu.busyPercent },
      embeddings: {
        model,
        device: state.device ?? null,
        status: model === null ? ('off' as const) : state.status,
      },
    };
  },
  summarize: ({ gpus, problems, cpu, embeddings }) => {
    const { model, device, status } = embeddings;
    const processor = `${cpu.model || 'CPU'}, ${cpu.cores} ${cpu.cores === 1 ? 'core' : 'cores'}, ${cpu.busy_percent} % busy`;
    const used = device === null ? 'not used yet' : `on ${device}`;
    return [
      ...(gpus.length > 0
        ? [...gpus.map(gpuLine), `CPU: ${processor}.`]
        : [`No GPU on this machine; everything runs on the CPU (${processor}).`]),
      ...problems.map(problem => `Not told: ${problem}.`),
      status === 'off' ? 'Embeddings: switched off.' : `Embeddings: ${model}, ${used}, ${status}.`,
    ].join('\n');
  },
});

function viewGpu(device: GpuDevice): z.input<typeof gpu> {
  const { busyPercent, memoryTotalBytes, memoryUsedBytes, powerLimitW, powerW, temperatureC } = device;
  const { driver, interface: by, name, vendor } = device;
  return {
    vendor,
    name,
    ...(driver !== undefined && { driver }),
    ...(by !== undefined && { interface: by }),
    ...(busyPercent !== undefined && { busy_percent: busyPercent }),
    ...(memoryUsedBytes !== undefined && { memory_used_mib: Math.round(memoryUsedBytes / MIB) }),
    ...(memoryTotalBytes !== undefined && { memory_total_mib: Math.round(memoryTotalBytes / MIB) }),
    ...(temperatureC !== undefined && { temperature_c: temperatureC }),
    ...(powerW !== undefined && { power_w: powerW }),
    ...(powerLimitW !== undefined && { power_limit_w: powerLimitW }),
  };
}

/** Such as `NVIDIA H200: 37 % busy, 1.2 of 140.4 GiB, 41 °C, 120 of 700 W, driver 550.54, CUDA 12.4`. */
function gpuLine(device: z.output<typeof gpu>): string {
  const of = (used: string | undefined, total: string | undefined, unit: string) =>
    [used, total].some(one => one !== undefined)
      ? [`${[used, total].filter(one => one !== undefined).join(' of ')} ${unit}`]
      : [];
  const gib = (mib: number | undefined) => (mib === undefined ? undefined : ((mib * MIB) / GIB).toFixed(1));
  const watts = (power: number | undefined) => (power === undefined ? undefined : power.toFixed(0));
  const told = [
    ...(device.busy_percent === undefined ? [] : [`${device.busy_percent} % busy`]),
    ...of(gib(device.memory_used_mib), gib(device.memory_total_mib), 'GiB'),
    ...(device.temperature_c === undefined ? [] : [`${device.temperature_c} °C`]),
    ...of(watts(device.power_w), watts(device.power_limit_w), 'W'),
    ...(device.driver === undefined ? [] : [`driver ${device.driver}`]),
    ...(device.interface === undefined ? [] : [device.interface]),
  ];
  return told.length === 0 ? device.name : `${device.name}: ${told.join(', ')}`;
}
