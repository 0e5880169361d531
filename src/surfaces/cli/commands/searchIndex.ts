import { Argument, Command } from 'commander';
import type { RunCommand } from '../runCommand.ts';

/** `search-index drop`: takes the search indexes out of the central Redis; memories stay. */
export function searchIndexCommand(run: RunCommand): Command {
  return new Command('search-index')
    .summary('Remove our search indexes from the central Redis')
    .description(
      'Remove our search indexes and their documents from the central Redis; no memory goes. A machine that searches on the server makes ' +
        'its index anew: set search.place to process there first.',
    )
    .addArgument(new Argument('<action>', 'what to do').choices(['drop']))
    .action(
      run(async session => {
        const dropped = await (await session.engine()).dropSearchIndexes();
        session.print(
          { dropped },
          dropped.length === 0 ? 'There was none.' : `Dropped ${dropped.join(', ')}.`,
        );
      }),
    );
}
