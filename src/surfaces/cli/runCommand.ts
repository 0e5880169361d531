import type { Command } from 'commander';
import type { CliHost, GlobalOptions } from './cliHost.ts';
import { Session } from './session.ts';

/** What the command line gave: positional arguments in order, and flags by their camelCase names. */
export interface Parsed {
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Turns a command's work into commander's action: opens a session for it and disposes of it. A number that the work returns is the exit code. */
export type RunCommand = (
  work: (session: Session, parsed: Parsed) => Promise<unknown>,
) => (...given: unknown[]) => Promise<void>;

export function commandRunner(host: CliHost, signal: AbortSignal, outcome: { code: number }): RunCommand {
  return work =>
    async (...given) => {
      const command = given.at(-1) as Command;
      await using session = new Session(host, command.optsWithGlobals<GlobalOptions>(), signal);
      const code = await work(session, { args: given.slice(0, -2), options: command.opts() });
      outcome.code = typeof code === 'number' ? code : 0;
    };
}
