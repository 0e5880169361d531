import { statfs } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { CpuState, Machine } from '../../engine/ports/machine.ts';

/** Between the two looks at the cores. */
const LOOK_MS = 100;

/** The machine as Node tells it. */
export const machine: Machine = {
  async cpu() {
    const before = times();
    await new Promise(resolve => setTimeout(resolve, LOOK_MS));
    return stateOf(before, times());
  },

  async room(path) {
    try {
      const { bavail, blocks, bsize } = await statfs(path);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    } catch {
      return undefined;
    }
  },
};

function times(): { busy: number; all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const { idle, ...used } = times;
    const spent = Object.values(used).reduce((sum, one) => sum + one, 0);
    busy += spent;
    all += spent + idle;
  }
  return { busy, all };
}

function stateOf(before: { busy: number; all: number }, after: { busy: number; all: number }): CpuState {
  const cores = cpus();
  const passed = after.all - before.all;
  const share = passed > 0 ? (after.busy - before.busy) / passed : 0;
  return {
    model: (cores[0]?.model ?? '').trim(),
    cores: cores.length,
    busyPercent: Math.round(Math.max(0, Math.min(1, share)) * 100),
  };
}
