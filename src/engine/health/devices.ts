import type { GpuDevice, GpuProbe } from '../ports/gpuProbe.ts';
import type { CpuState, Machine } from '../ports/machine.ts';

/** What programs compute on. */
export interface DeviceReport {
  readonly gpus: readonly GpuDevice[];
  /** Why a GPU's tool that is there told nothing. */
  readonly problems: readonly string[];
  readonly cpu: CpuState;
}

/** Whoever asks again within this time gets the same answer, ms: the tools of GPUs are processes. */
const FRESH_MS = 1_000;

/** The GPUs and the CPU of this machine. A machine without a GPU is as good as any other. */
export class Devices {
  readonly #probes: readonly GpuProbe[];
  readonly #otherwise: GpuProbe | undefined;
  readonly #machine: Machine;
  #report: Promise<DeviceReport> | undefined;
  #at = 0;

  /**
   * @param probes one for each kind of GPU
   * @param otherwise asked where they find none, such as the runtime's own WebGPU, which knows the same GPUs and less of them
   */
  constructor(probes: readonly GpuProbe[], machine: Machine, otherwise?: GpuProbe) {
    this.#probes = probes;
    this.#machine = machine;
    this.#otherwise = otherwise;
  }

  /** At most about 2 s, and never rejects for what a GPU or its tool does. */
  look(): Promise<DeviceReport> {
    const now = performance.now();
    if (!this.#report || now - this.#at > FRESH_MS) {
      this.#at = now;
      this.#report = this.#look();
    }
    return this.#report;
  }

  /** Room on the file system of a path that exists; undefined where that cannot be told. */
  room(path: string): ReturnType<Machine['room']> {
    return this.#machine.room(path);
  }

  async #look(): Promise<DeviceReport> {
    const [cpu, ...found] = await Promise.all([
      this.#machine.cpu(),
      ...this.#probes.map(probe => probe.look()),
    ]);
    if (this.#otherwise && found.every(({ devices }) => devices.length === 0))
      found.push(await this.#otherwise.look());
    return {
      gpus: found.flatMap(({ devices }) => devices),
      problems: found.flatMap(({ problems }) => problems),
      cpu,
    };
  }
}
