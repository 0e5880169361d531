export interface CpuState {
  /** Such as `AMD EPYC 7B13`; empty where the system does not tell. */
  readonly model: string;
  readonly cores: number;
  /** Per cent of the time of all cores that was used over the last moment, 0..100. */
  readonly busyPercent: number;
}

/** The machine that the process runs on. */
export interface Machine {
  /** Takes about 0.1 s: it looks twice. */
  cpu(): Promise<CpuState>;

  /** Room on the file system of a path that exists, for this user; undefined where that cannot be told. */
  room(path: string): Promise<{ readonly freeBytes: number; readonly totalBytes: number } | undefined>;
}
