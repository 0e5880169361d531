import { findProgram } from './findProgram.ts';
import { type ProgramOutcome, runProgram } from './runProgram.ts';

/** How the tools of a system are found and run. */
export interface ProgramOptions {
  /** As in the variable PATH. */
  readonly path: string;
  /** Longest wait for one program, ms. */
  readonly deadlineMs: number;
}

/** undefined: there is no such program. */
export async function askProgram(
  name: string,
  args: readonly string[],
  { path, deadlineMs }: ProgramOptions,
): Promise<ProgramOutcome | undefined> {
  const program = await findProgram(name, path);
  return program === undefined ? undefined : runProgram(program, args, deadlineMs);
}

/** The first line that a program printed, cut to what a person reads. */
export function firstLine(output: string): string {
  const line = output
    .split('\n')
    .map(one => one.trim())
    .find(one => one !== '');
  return (line ?? 'nothing was printed').slice(0, 200);
}
