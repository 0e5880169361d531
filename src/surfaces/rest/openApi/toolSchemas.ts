import { z } from 'zod';
import type { Tool } from '../../../tools/defineTool.ts';
import type { JsonSchema } from '../resources/shape.ts';

/** What may stand where a tool takes any JSON. */
const JSON_VALUE = '#/components/schemas/Json';

export const jsonValue: JsonSchema = {
  description: 'Any JSON value',
  anyOf: [
    ...['string', 'number', 'boolean', 'null'].map(type => ({ type })),
    { type: 'array', items: { $ref: JSON_VALUE } },
    { type: 'object', additionalProperties: { $ref: JSON_VALUE } },
  ],
};

/** A tool's input or output as the document has it. */
export function schemaOf(tool: Tool, io: 'input' | 'output'): JsonSchema {
  const schema = z.toJSONSchema(tool[io], { io, reused: 'inline' });
  return withJson(schema as JsonSchema);
}

/** The one thing that refers to itself is JSON, which the document has under its own name. */
export function withJson(schema: JsonSchema): JsonSchema {
  const { $defs: _, $schema: __, ...rest } = schema;
  return JSON.parse(JSON.stringify(rest), (key, value) =>
    key === '$ref' && String(value).startsWith('#/$defs/') ? JSON_VALUE : value,
  ) as JsonSchema;
}
