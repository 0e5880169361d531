import { type Command, CommanderError } from 'commander';
import { MemoryError } from '../../engine/errors.ts';
import { findTool } from '../../tools/registry.ts';
import type { CliHost } from './cliHost.ts';
import { createProgram } from './createProgram.ts';
import { exitCodeOf } from './exitCodes.ts';
import { FRIENDLY_NAMES } from './memoryCommands.ts';
import { styleFor } from './terminal.ts';

/**
 * Runs one command line and answers on the host's streams.
 *
 * @param args without node and program
 * @param signal fires when the user gives up; its reason is a `MemoryError`
 * @returns the exit code
 */
export async function runCli(args: readonly string[], host: CliHost, signal: AbortSignal): Promise<number> {
  const outcome = { code: 0 };
  const program = createProgram(host, signal, outcome);
  let complaint = '';
  for (const command of [program, ...program.commands]) {
    tame(command, host, text => {
      complaint += text;
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = signal.aborted ? signal.reason : error;
    return report(
      failure instanceof CommanderError ? usageError(failure, complaint, helpFor(args, program)) : failure,
      args.includes('--json'),
      host,
    );
  }
}

function tame(command: Command, host: CliHost, complain: (text: string) => void): void {
  const { stdout, stderr } = host.streams;
  command.exitOverride().configureOutput({
    writeOut: text => stdout.write(text),
    writeErr: complain,
    getOutHelpWidth: () => stdout.columns ?? 100,
    getErrHelpWidth: () => stderr.columns ?? 100,
  });
}

/** Where to read on: at the command that was meant, where there is one. */
function helpFor(args: readonly string[], program: Command): string {
  const name = args.find(arg =>
    program.commands.some(one => one.name() === arg || one.aliases().includes(arg)),
  );
  return `See memory-central ${name === undefined ? '' : `${name} `}--help.`;
}

function usageError(error: CommanderError, complaint: string, fix: string): MemoryError {
  if (error.code === 'commander.help')
    return new MemoryError('invalid_input', 'No command was given.', complaint);
  const message = error.message.replace(/^error: /, '');
  return new MemoryError('invalid_input', message.charAt(0).toUpperCase() + message.slice(1), fix);
}

function report(error: unknown, json: boolean, { streams }: CliHost): number {
  const style = styleFor(streams.stderr, streams.env);
  const known = MemoryError.is(error);
  const { message } = error instanceof Error ? error : { message: String(error) };
  const code = known ? error.code : 'internal';
  const fix = known
    ? json
      ? error.fix
      : inCommands(error.fix)
    : 'This is a bug: please report it with the command and this text.';
  const text = json
    ? JSON.stringify({ error: { code, message, fix } })
    : `${style('red', code === 'cancelled' ? 'cancelled' : 'error')}: ${message}\n${style('dim', fix)}`;
  streams.stderr.write(`${text}\n`);
  if (!known && streams.env['MEMORY_LOG_LEVEL'] === 'debug' && error instanceof Error)
    streams.stderr.write(`${error.stack}\n`);
  return exitCodeOf(error);
}

/** What to do next, with the commands that a person types instead of the tools that an agent calls. */
function inCommands(fix: string): string {
  const typed = fix
    .replace(/^Correct the call; (\w+) takes: .*$/, 'See $1 --help.')
    .replace(/\b(confirm|dry_run): true/g, (_, flag: string) => `--${flag.replace('_', '-')}`);
  return typed.replace(/\b[a-z]+(?:_[a-z]+)+\b/g, name => {
    const command = FRIENDLY_NAMES.get(name) ?? findTool(name)?.name.replaceAll('_', '-');
    return command === undefined ? name : `memory-central ${command}`;
  });
}
