/** Words on the command line, without a flag, that become a field of a tool's input. */
export interface PlainArgument {
  /** As commander has it: `[id]` is one word, `[words...]` all that are left. */
  readonly spec: string;
  readonly about: string;
  readonly field: string;
  /** One of these fields must be given. Default: this one, where the tool cannot do without it. */
  readonly needed?: readonly string[];
  /** The field is a list: words, or parts of them between commas. Default: a text. */
  readonly list?: boolean;
  /** Makes something else of the text than itself. */
  readonly read?: (text: string) => unknown;
}

/**
 * The fields that plain words give; those that were not given are absent.
 * @param given of each argument in order, as commander gives it
 */
export function plainFields(
  plain: readonly PlainArgument[],
  given: readonly unknown[],
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [i, argument] of plain.entries()) {
    const words = wordsOf(given[i]);
    if (words.length > 0) fields[argument.field] = fieldOf(argument, words);
  }
  return fields;
}

/** `<id>`, as messages and help name it. */
export function shownArgument({ spec }: PlainArgument): string {
  return `<${spec.replace(/[[\].]/g, '')}>`;
}

function fieldOf({ list, read }: PlainArgument, words: readonly string[]): unknown {
  if (list) return words.flatMap(word => word.split(',')).filter(word => word !== '');
  const text = words.join(' ');
  return read ? read(text) : text;
}

function wordsOf(given: unknown): readonly string[] {
  return [given].flat().filter((word): word is string => typeof word === 'string');
}
