import type { Command } from 'commander';
import type { Tool } from '../../../tools/defineTool.ts';
import { memoryDigest } from '../../../tools/memories/memoryDigest.ts';
import type { RunCommand } from '../runCommand.ts';
import { toolCommand } from '../toolCommand.ts';

/** `digest`: what matters at the start of work; nothing where nothing is remembered. */
export function digestCommand(run: RunCommand): Command {
  return (
    toolCommand(memoryDigest as unknown as Tool, run, {
      name: 'digest',
      summary: 'Tell what matters at the start of work',
      recalls: true,
      render: ({ text }) => String(text).replace(/\bretrieve_memory has\b/, 'memory-central get shows'),
    })
      // The program looks for it before it loads the commands: a hook keeps a client waiting.
      .option(
        '--hook',
        'answer a hook of Claude Code: its JSON on stdin, within 2 s, and nothing on any failure',
      )
  );
}
