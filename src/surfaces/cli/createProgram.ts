import { type Argument, Command } from 'commander';
import { TOOL_SETS } from '../../engine/model/toolSets.ts';
import { addToolCommands } from './allTools.ts';
import type { CliHost } from './cliHost.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import { connectCommand } from './commands/connect.ts';
import { digestCommand } from './commands/digest.ts';
import { doctorCommand } from './commands/doctor.ts';
import { editCommand } from './commands/edit.ts';
import { exportCommand } from './commands/export.ts';
import { forgetCommand } from './commands/forget.ts';
import { importCommand } from './commands/import.ts';
import { migrateCommand } from './commands/migrate.ts';
import { reviewCommand } from './commands/review.ts';
import { searchIndexCommand } from './commands/searchIndex.ts';
import { statusCommand } from './commands/status.ts';
import { tokenCommand } from './commands/token.ts';
import { EXIT_CODES_HELP } from './exitCodes.ts';
import { addOptionsNow } from './laterOptions.ts';
import { addMemoryCommands } from './memoryCommands.ts';
import { commandRunner } from './runCommand.ts';
import { topicsHelp } from './topicsHelp.ts';
import { addWorkCommands } from './workCommands.ts';

const TOOLS_HELP = `sets of tools that are offered, of ${TOOL_SETS.join(',')} (default: MEMORY_TOOLS, else all)`;

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
    .addHelpText('after', topicsHelp)
    .addHelpText('after', `\n${EXIT_CODES_HELP}`)
    .showSuggestionAfterError(true)
    .hook('preSubcommand', (_, command) => addOptionsNow(command))
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: title => (title === 'Global Options:' ? 'Options of every command:' : title),
      // The other spelling of a tool's name works, but would push every description into a narrow column.
      subcommandTerm: command => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
    });
  addMemoryCommands(program, run);
  for (const command of [
    digestCommand,
    forgetCommand,
    editCommand,
    reviewCommand,
    importCommand,
    exportCommand,
    migrateCommand,
  ])
    program.addCommand(command(run));
  addWorkCommands(program, run);
  program.commandsGroup('System:');
  for (const command of [statusCommand, doctorCommand, connectCommand, searchIndexCommand, tokenCommand])
    program.addCommand(command(run));
  program
    .command('mcp')
    .summary('Serve MCP over stdin and stdout')
    .description('Serve MCP over stdin and stdout.')
    .option('--tools <sets>', TOOLS_HELP);
  program
    .command('serve')
    .summary('Serve MCP and REST over HTTP')
    .description('Serve MCP and REST over HTTP until it is stopped; without --host for this machine only.')
    .option('--host <address>', 'address to listen on (default: MCP_HOST and API_HOST, else 127.0.0.1)')
    .option('--port <number>', 'port of MCP; 0 is any free one (default: MCP_PORT, else 9000)')
    .option('--api-port <number>', 'port of REST; 0 is any free one (default: API_PORT, else 8000)')
    .option('--tools <sets>', TOOLS_HELP)
    .option('--no-auth', 'without a token: every program of this machine may use it');
  program
    .command('worker')
    .summary('Do what the memory does by itself')
    .description(
      'Do jobs, such as embedding, expiry, compaction and backups, until it is stopped (docs/worker.md).',
    )
    .option('--concurrency <number>', 'jobs at once (default: WORKER_CONCURRENCY, else 2)');
  program.addCommand(completionCommand(host));
  program.addHelpCommand(
    new Command('help')
      .argument('[command]')
      .helpOption(false)
      .helpGroup('System:')
      .description('Show the help of a command'),
  );
  program.addCommand(completeCommand(program, host), { hidden: true });
  addToolCommands(program, run);
  for (const command of program.commands) command.configureHelp(program.configureHelp());
  return program;
}

function argumentTerm(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '…' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}
