import type { JsonSchema } from '../resources/shape.ts';

/**
 * A body to begin with, for who tries a request: only what is required, and for texts the words that describe them.
 * @returns undefined where a schema asks for more than that can give
 */
export function exampleOf({ properties = {}, required = [] }: JsonSchema): JsonSchema | undefined {
  const fields = properties as Readonly<Record<string, JsonSchema>>;
  const entries = (required as readonly string[]).map(name => [name, sampleOf(fields[name] ?? {})] as const);
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}

function sampleOf(schema: JsonSchema): unknown {
  if (schema['default'] !== undefined) return schema['default'];
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  switch (schema['type']) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return Math.max(Number(schema['minimum'] ?? 1), 1);
    case 'boolean':
      return true;
    case 'array': {
      const item = sampleOf({ description: schema['description'], ...(schema['items'] as JsonSchema) });
      return item === undefined ? undefined : [item];
    }
    case 'object':
      return schema['required'] === undefined ? {} : exampleOf(schema);
    default:
      return undefined;
  }
}

function textOf({ description, format, maxLength, minLength, pattern }: JsonSchema): string | undefined {
  const text = typeof description === 'string' ? description : 'text';
  const fits =
    text.length <= Number(maxLength ?? Number.POSITIVE_INFINITY) && text.length >= Number(minLength ?? 0);
  return fits && format === undefined && pattern === undefined ? text : undefined;
}
