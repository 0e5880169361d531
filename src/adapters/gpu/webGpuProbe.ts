import type { GpuDevice, GpuProbe } from '../../engine/ports/gpuProbe.ts';

/** What is used of `navigator.gpu`. */
export interface WebGpu {
  requestAdapter(): Promise<WebGpuAdapter | null>;
}

interface WebGpuAdapter {
  readonly info?: Readonly<Record<'vendor' | 'architecture' | 'device' | 'description', string>> & {
    readonly isFallbackAdapter?: boolean;
  };
  readonly isFallbackAdapter?: boolean;
}

const VENDORS: readonly GpuDevice['vendor'][] = ['nvidia', 'amd', 'intel', 'apple'];

/** The GPU that WebGPU would compute on, where this runtime has WebGPU. It tells which it is, and nothing of how it is. */
export function createWebGpuProbe(gpu: WebGpu): GpuProbe {
  return {
    async look() {
      try {
        const adapter = await gpu.requestAdapter();
        const info = adapter?.info;
        // One in software is the CPU by another name.
        if (!info || info.isFallbackAdapter || adapter.isFallbackAdapter)
          return { devices: [], problems: [] };
        const vendor = VENDORS.find(one => info.vendor.toLowerCase().includes(one)) ?? 'other';
        const named = info.description || info.device || [info.vendor, info.architecture].join(' ').trim();
        return { devices: [{ vendor, name: named || 'GPU', interface: 'WebGPU' }], problems: [] };
      } catch (error) {
        return { devices: [], problems: [`WebGPU says: ${(error as Error).message}`] };
      }
    },
  };
}

/** undefined where this runtime has none, as Node has none so far. */
export function ownWebGpu(): WebGpu | undefined {
  const { navigator } = globalThis as { navigator?: { gpu?: WebGpu } };
  return navigator?.gpu;
}
