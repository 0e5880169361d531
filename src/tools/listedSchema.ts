import { z } from 'zod';
import type { Tool } from './defineTool.ts';

/** JSON Schema of a tool's input as a listing shows it: the rarely used fields left out, nothing said twice. */
export function listedSchema(tool: Tool): Record<string, unknown> {
  const schema = z.toJSONSchema(tool.input, { io: 'input' }) as Record<string, unknown>;
  const properties = { ...(schema['properties'] as Record<string, unknown>) };
  for (const name of tool.advanced ?? []) delete properties[name];
  return compact({
    type: 'object',
    properties,
    ...(schema['required'] ? { required: schema['required'] } : {}),
  }) as Record<string, unknown>;
}

/** Bounds that no honest caller meets cost every conversation tokens; they are checked, not listed. */
const UNLISTED = new Set([
  '$schema',
  'minLength',
  'maxLength',
  'maxItems',
  'minItems',
  'pattern',
  'format',
  'propertyNames',
  'additionalProperties',
]);

function compact(value: unknown, inProperties = false): unknown {
  if (Array.isArray(value)) return value.map(item => compact(item));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .filter(([key, item]) => inProperties || !(UNLISTED.has(key) || item === Number.MAX_SAFE_INTEGER))
    .map(([key, item]) => [key, compact(item, key === 'properties' && !inProperties)]);
  return Object.fromEntries(entries);
}
