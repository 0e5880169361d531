import { type Argument, Command } from 'commander';
import type { CliHost } from './cliHost.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import { connectCommand } from './commands/connect.ts';
import { doctorCommand } from './commands/doctor.ts';
import { editCommand } from './commands/edit.ts';
import { exportCommand } from './commands/export.ts';
import { forgetCommand } from './commands/forget.ts';
import { importCommand } from './commands/import.ts';
import { migrateCommand } from './commands/migrate.ts';
import { statusCommand } from './commands/status.ts';
import { EXIT_CODES_HELP } from './exitCodes.ts';
import { addMemoryCommands, addToolCommands } from './memoryCommands.ts';
import { commandRunner } from './runCommand.ts';

/**
 * Every command of `memory-central`.
 * @param outcome takes the exit code of a command that did not throw
 */
export function createProgram(host: CliHost, signal: AbortSignal, outcome: { code: number }): Command {
  const run = commandRunner(host, signal, outcome);
  const program = new Command('memory-central')
    .description('A shared memory for coding agents.')
    .version(host.version, '-V, --version')
    .option('--json', 'answer as JSON on stdout, errors as JSON on stderr')
    .option('--namespace <name>', 'default: the repository; reads take several, separated by commas, or *')
    .option('--database <file>', 'another store than that of this user')
    .option('--agent <name>', 'label of who stores')
    .option('-q, --quiet', 'ids only, no remarks, no progress')
    .addHelpText('after', `\n${EXIT_CODES_HELP}`)
    .showSuggestionAfterError(true)
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: title => (title === 'Global Options:' ? 'Options of every command:' : title),
      // The other spelling of a tool's name works, but would push every description into a narrow column.
      subcommandTerm: command => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
    });
  addMemoryCommands(program, run);
  for (const command of [forgetCommand, editCommand, importCommand, exportCommand, migrateCommand])
    program.addCommand(command(run));
  program.commandsGroup('System:');
  program.addCommand(statusCommand(run)).addCommand(doctorCommand(run)).addCommand(connectCommand(run));
  program
    .command('mcp')
    .summary('Serve MCP over stdin and stdout')
    .description('Serve MCP over stdin and stdout.');
  program
    .command('serve')
    .summary('Serve MCP over HTTP')
    .description('Serve MCP over HTTP on the loopback address, until it is stopped.')
    .option('--host <address>', 'address to listen on (default: MCP_HOST, else 127.0.0.1)')
    .option('--port <number>', 'port; 0 is any free one (default: MCP_PORT, else 9000)')
    .option('--no-auth', 'without a token: every program of this machine may use it');
  program.addCommand(completionCommand(host));
  program.addCommand(completeCommand(program, host), { hidden: true });
  addToolCommands(program, run);
  for (const command of program.commands) command.configureHelp(program.configureHelp());
  return program;
}

function argumentTerm(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '…' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}
