/** A GPU as it is just now; what its tools do not tell is absent. */
export interface GpuDevice {
  readonly vendor: 'nvidia' | 'amd' | 'intel' | 'apple' | 'other';
  readonly name: string;
  /** The driver's version, or its name where it tells no version. */
  readonly driver?: string;
  /** By what programs compute on it, such as `CUDA 12.4`, `ROCm` or `Metal 3`. */
  readonly interface?: string;
  /** Per cent of the time it was busy, 0..100. */
  readonly busyPercent?: number;
  readonly memoryUsedBytes?: number;
  readonly memoryTotalBytes?: number;
  /** Degrees Celsius. */
  readonly temperatureC?: number;
  readonly powerW?: number;
  /** What it may draw. */
  readonly powerLimitW?: number;
}

export interface GpuReport {
  readonly devices: readonly GpuDevice[];
  /** Why a tool that is there told nothing: a sentence each. A machine without such a tool has no problem. */
  readonly problems: readonly string[];
}

/** Finds GPUs of one kind. */
export interface GpuProbe {
  /** Ends within about 2 s and never rejects. */
  look(): Promise<GpuReport>;
}
