import type { Command, Option } from 'commander';
import { addOptionsNow } from './laterOptions.ts';

/** Something that fits, and what it is. */
interface Candidate {
  readonly word: string;
  readonly about: string;
}

/**
 * What fits the last word of a command line.
 *
 * @param words behind the program's name; the last is the one being typed, perhaps empty
 */
export function complete(program: Command, words: readonly string[]): readonly Candidate[] {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = program.commands.find(one =>
    before.some(word => [one.name(), ...one.aliases()].includes(word)),
  );
  if (command) addOptionsNow(command);
  const options = [...(command?.options ?? []), ...program.options].filter(option => !option.hidden);
  const last = before.at(-1);
  const wanted = options.find(
    option => takesValue(option) && last !== undefined && [option.long, option.short].includes(last),
  );
  return candidates(program, command, options, wanted, typed).filter(({ word }) => word.startsWith(typed));
}

function candidates(
  program: Command,
  command: Command | undefined,
  options: readonly Option[],
  wanted: Option | undefined,
  typed: string,
): Candidate[] {
  if (wanted) return choicesOf(wanted).map(word => ({ word, about: '' }));
  if (typed.startsWith('-'))
    return options.map(({ long, description }) => ({ word: long ?? '', about: description }));
  if (!command) {
    return program.commands
      .filter(one => !one.name().startsWith('_') && !one.aliases().some(alias => alias.includes('_')))
      .map(one => ({ word: one.name(), about: one.summary() }));
  }
  return command.registeredArguments.flatMap(({ argChoices = [] }) =>
    argChoices.map(word => ({ word, about: '' })),
  );
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

/** A tool's flags name theirs in the description, as (one, another). */
function choicesOf({ argChoices, description }: Option): readonly string[] {
  return argChoices ?? /\(([\w-]+(?:, [\w-]+)+)\)/.exec(description)?.[1]?.split(', ') ?? [];
}
