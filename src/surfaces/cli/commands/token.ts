import { Command } from 'commander';
import { knownTool } from '../knownTool.ts';
import { addOptionsNow } from '../laterOptions.ts';
import type { PlainArgument } from '../plainArgument.ts';
import type { RunCommand } from '../runCommand.ts';
import { type Friendly, toolCommand } from '../toolCommand.ts';

const name: PlainArgument = { spec: '[name]', about: 'who sends it, such as ci', field: 'name' };

const COMMANDS: readonly (Friendly & { readonly tool: string })[] = [
  { tool: 'create_token', name: 'create', summary: 'Make a token, which is shown once', plain: [name] },
  { tool: 'list_tokens', name: 'list', summary: 'List tokens, and when each was used' },
  {
    tool: 'revoke_token',
    name: 'revoke',
    summary: 'Take a token back, by name or id',
    plain: [{ ...name, about: 'its name or id' }],
  },
  { tool: 'rotate_token', name: 'rotate', summary: 'Replace a token by a new one', plain: [name] },
];

/** `token create|list|revoke|rotate`: who may use the server over the network. */
export function tokenCommand(run: RunCommand): Command {
  const command = new Command('token')
    .summary('Say who may use the server over the network')
    .description('Tokens of programs that use the server over the network (docs/security.md).')
    .hook('preSubcommand', (_, chosen) => addOptionsNow(chosen));
  for (const { tool, ...friendly } of COMMANDS)
    command.addCommand(toolCommand(knownTool(tool), run, friendly));
  return command;
}
