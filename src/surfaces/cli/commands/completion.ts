import { Argument, Command } from 'commander';
import type { CliHost } from '../cliHost.ts';
import { complete } from '../complete.ts';
import { completionScript, SHELLS, type Shell } from '../completionScripts.ts';

/** `completion <shell>`: the script that makes the shell complete our commands. */
export function completionCommand({ streams }: CliHost): Command {
  return new Command('completion')
    .summary('Print the completion script of a shell')
    .description(
      'Print the script that makes a shell complete our commands. For bash: put eval "$(memory-central completion bash)" into ~/.bashrc.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action((shell: Shell) => {
      streams.stdout.write(completionScript(shell));
    });
}

/** What the scripts call: a candidate a line, with a tab and its meaning. */
export function completeCommand(program: Command, { streams }: CliHost): Command {
  return new Command('__complete')
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action((words: string[]) => {
      for (const { word, about } of complete(program, words)) {
        streams.stdout.write(about === '' ? `${word}\n` : `${word}\t${about.split('\n')[0]}\n`);
      }
    });
}
