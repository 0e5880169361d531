import { MemoryError } from '../../../engine/errors.ts';
import type { JsonSchema } from '../resources/shape.ts';

/** As JSON has them. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Fields of an input from a query: numbers and `true` and `false` as such where the field is one; a list by repeating its name.
 * What is none of them is passed on as it is: the tool says what it should be.
 */
export function readQuery(
  query: URLSearchParams,
  fields: ReadonlyMap<string, JsonSchema>,
): Record<string, unknown> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(
    names.map(name => {
      const schema = fields.get(name);
      if (!schema) throw unknownParameter(name, [...fields.keys()]);
      const values = query.getAll(name);
      if (schema['type'] === 'array')
        return [name, values.map(value => readValue(value, schema['items'] as JsonSchema))];
      return [name, values.length === 1 ? readValue(values[0]!, schema) : values];
    }),
  );
}

export function readValue(text: string, { type }: JsonSchema): unknown {
  if ((type === 'number' || type === 'integer') && NUMBER.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function unknownParameter(name: string, known: readonly string[]): MemoryError {
  return new MemoryError(
    'invalid_input',
    `There is no parameter "${name.slice(0, 100)}" here.`,
    known.length === 0 ? 'Leave it out.' : `There are: ${known.join(', ')}.`,
  );
}
