import { type Command, CommanderError } from 'commander';
import { MemoryError } from '../../engine/errors.ts';
import { visible } from '../../engine/foreignText.ts';
import { findTool, tools } from '../../tools/registry.ts';
import type { CliHost } from './cliHost.ts';
import { createProgram } from './createProgram.ts';
import { exitCodeOf } from './exitCodes.ts';
import { MEMORY_NAMES } from './memoryCommands.ts';
import { commandMeant } from './otherNames.ts';
import { harmless, styleFor } from './terminal.ts';
import { WORK_NAMES } from './workCommands.ts';

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
      failure instanceof CommanderError ? usageError(failure, complaint, args, program) : failure,
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
  const meant = args
    .map(arg => program.commands.find(one => one.name() === arg || one.aliases().includes(arg)))
    .find(one => one !== undefined);
  return `See memory-central ${meant ? `${meant.name()} ` : ''}--help.`;
}

function usageError(
  error: CommanderError,
  complaint: string,
  args: readonly string[],
  program: Command,
): MemoryError {
  const fix = helpFor(args, program);
  if (error.code === 'commander.help') {
    // Commander shows everything where help is asked of a command that is not there.
    const [, asked] = args[0] === 'help' ? args : [];
    if (asked === undefined) return new MemoryError('invalid_input', 'No command was given.', complaint);
    return usageError(
      new CommanderError(2, 'commander.unknownCommand', `unknown command '${asked}'`),
      complaint,
      [],
      program,
    );
  }
  const message = inPlainWords(error.message.replace(/^error: /, ''));
  return new MemoryError('invalid_input', message.charAt(0).toUpperCase() + message.slice(1), fix);
}

/** Commander guesses by letters; people mean something. */
function inPlainWords(message: string): string {
  const [, unknown] = /^unknown command '([^']*)'/.exec(message) ?? [];
  const meant = unknown === undefined ? undefined : commandMeant(unknown);
  if (meant !== undefined) return `unknown command '${unknown}'\n(Did you mean ${meant}?)`;
  return message
    .replace(
      /^command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/s,
      '<$2> must be one of $3, not "$1".',
    )
    .replace(/^missing required argument '(.*)'$/, '<$1> is missing.');
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
    : harmless(
        `${style('red', code === 'cancelled' ? 'cancelled' : 'error')}: ${visible(message)}\n${style('dim', visible(fix))}`,
        streams.stderr,
        streams.env,
      );
  streams.stderr.write(`${text}\n`);
  if (!known && streams.env['MEMORY_LOG_LEVEL'] === 'debug' && error instanceof Error)
    streams.stderr.write(`${error.stack}\n`);
  return exitCodeOf(error);
}

/** What to do next, with the commands that a person types instead of the tools that an agent calls. */
function inCommands(fix: string): string {
  const typed = fix
    .replace(/^Correct the call; (\w+) takes: .*$/, 'See $1 --help.')
    .replace('get_pending_tasks and claim: true', 'memory-central claim')
    .replace(/\bthe fence and lease_id that\b/, '--fence and --lease-id as')
    .replace('claim_id and fence', '--claim-id and --fence')
    .replace(
      /\b(confirm|dry_run|without_locked|claim|take): true/g,
      (_, flag: string) => `--${flag.replace('_', '-')}`,
    );
  return typed.replace(/\b[a-z]+(?:_[a-z]+)+\b/g, name => {
    const command =
      MEMORY_NAMES.get(name) ?? WORK_NAMES.get(name) ?? findTool(name)?.name.replaceAll('_', '-');
    if (command !== undefined) return `memory-central ${command}`;
    return isField(name) ? `--${name.replaceAll('_', '-')}` : name;
  });
}

function isField(name: string): boolean {
  return tools.some(tool => name in tool.input.shape);
}
