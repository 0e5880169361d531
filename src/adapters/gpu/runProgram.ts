import { spawn } from 'node:child_process';

/** What a tool prints of some dozen GPUs is far less. */
const MOST_BYTES = 1_000_000;

export type ProgramOutcome =
  | { readonly status: 'ended'; readonly code: number | null; readonly output: string }
  /** It did not answer in time, printed too much, or could not be started. */
  | { readonly status: 'failed'; readonly reason: string };

/**
 * Runs a program without a shell, and without anybody's input. It never waits longer than the deadline: a program that is stuck in a
 * driver cannot even be killed, and is left alone then.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  deadlineMs: number,
): Promise<ProgramOutcome> {
  return new Promise(resolve => {
    const parts: Buffer[] = [];
    let bytes = 0;
    let timer: NodeJS.Timeout | undefined;
    const end = (outcome: ProgramOutcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const refuse = (error: unknown) =>
      end({ status: 'failed', reason: `could not be run: ${(error as Error).message}` });
    try {
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
      child.on('error', refuse);
      child.on('close', code =>
        end({ status: 'ended', code, output: Buffer.concat(parts).toString('utf8') }),
      );
      const leave = (reason: string) => {
        child.kill('SIGKILL');
        child.stdout.destroy();
        child.stderr.destroy();
        child.unref();
        end({ status: 'failed', reason });
      };
      const take = (part: Buffer) => {
        bytes += part.length;
        if (bytes > MOST_BYTES) leave('printed without end');
        else parts.push(part);
      };
      timer = setTimeout(leave, deadlineMs, `did not answer within ${deadlineMs / 1000} s`);
      child.stdout.on('data', take);
      child.stderr.on('data', take);
    } catch (error) {
      // A process that has no file left to open gets no streams of its child.
      refuse(error);
    }
  });
}
