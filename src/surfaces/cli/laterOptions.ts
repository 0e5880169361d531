import type { Command } from 'commander';

const waiting = new WeakMap<Command, () => void>();

/** Adds options to a command when it is wanted: those of every tool come from its schema, which would take a fifth of each start. */
export function addOptionsLater(command: Command, add: () => void): Command {
  waiting.set(command, add);
  return command.addHelpText('before', () => {
    addOptionsNow(command);
    return '';
  });
}

/** To be called before the command parses, and before anybody reads its options. Idempotent. */
export function addOptionsNow(command: Command): void {
  const add = waiting.get(command);
  waiting.delete(command);
  add?.();
}
