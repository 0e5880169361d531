import type { GpuProbe } from '../../engine/ports/gpuProbe.ts';
import { createAmdProbe } from './amdProbe.ts';
import { createKernelProbe } from './kernelProbe.ts';
import { createMacProbe } from './macProbe.ts';
import { createNvidiaProbe } from './nvidiaProbe.ts';

const DEADLINE_MS = 2_000;

export interface GpuProbeOptions {
  /** Default: this system. */
  readonly platform?: NodeJS.Platform;
  /** Where programs are looked for. Default: the variable PATH. */
  readonly path?: string;
  /** Root of sysfs. Default `/sys`. */
  readonly sysfs?: string;
  /** Longest wait for one program. Default 2,000. */
  readonly deadlineMs?: number;
}

/** What finds the GPUs that this system can have. */
export function createGpuProbes({
  platform = process.platform,
  path = process.env['PATH'] ?? '',
  sysfs = '/sys',
  deadlineMs = DEADLINE_MS,
}: GpuProbeOptions = {}): readonly GpuProbe[] {
  const options = { path, deadlineMs };
  if (platform === 'darwin') return [createMacProbe(options)];
  if (platform !== 'linux') return [createNvidiaProbe(options)];
  return [
    createNvidiaProbe(options),
    createAmdProbe(options, createKernelProbe('amd', sysfs)),
    createKernelProbe('intel', sysfs),
  ];
}
