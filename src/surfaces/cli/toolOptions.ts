import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import type { Tool } from '../../tools/defineTool.ts';

/** The part of a JSON Schema that a flag is made from. */
interface FieldSchema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly items?: FieldSchema;
}

/** Fields that a global option carries. */
const GLOBAL = new Set(['namespace']);

/** What the schemas leave unsaid, since every agent would pay for the words at every start; a person reads them once. */
const ABOUT: Readonly<Record<string, string>> = {
  memory_type: 'What kind of memory',
  memory_id: 'Id of the memory',
  priority: 'How long it is kept, and how much it counts',
  tags: 'Separated by commas',
  visibility: 'Who may see it',
  agent_id: 'Label of the agent that stores it',
  session_id: 'Session it belongs to',
  metadata: 'Anything more, as one JSON object',
  ttl_seconds: 'Forget it after so many seconds',
  source_uri: 'Address it comes from',
  valid_from: 'It holds from then on (ISO date)',
  valid_until: 'It holds until then (ISO date)',
  shared_with: 'Principals or clients it is shared with',
  trust: '0 rumour, 1 stated by a person',
  review: 'Whether a person accepted it',
  supersedes: 'Id of the memory it replaces',
  until: 'Created before',
  limit: 'At most so many',
  offset: 'Leave out so many of the first',
  pinned: 'Pinned; --no-pinned: not pinned',
  sensitive: 'Encrypted at rest; --no-sensitive: not any more',
  content: 'The text',
};

/**
 * The flags of a tool, made from its input: `--memory-id` and, unlisted, `--memory_id`. Lists may be repeated or separated by
 * commas; records, and lists of records, are JSON.
 */
export function toolOptions(tool: Tool, without: readonly string[] = []): Option[] {
  const schema = z.toJSONSchema(tool.input, { io: 'input' }) as { properties?: Record<string, FieldSchema> };
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => !GLOBAL.has(name) && !without.includes(name))
    .flatMap(([name, field]) => {
      const kebab = name.replaceAll('_', '-');
      const shown = optionsOf(kebab, { description: ABOUT[name] ?? '', ...field });
      return kebab === name ? shown : [...shown, ...optionsOf(name, field).map(option => option.hideHelp())];
    });
}

/** The tool's input from what commander parsed; flags that were not given are absent. */
export function toolInput(tool: Tool, options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const name of Object.keys(tool.input.shape)) {
    if (GLOBAL.has(name)) continue;
    const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = options[camel] ?? options[name];
    if (value !== undefined) input[name] = value;
  }
  return input;
}

function optionsOf(flag: string, field: FieldSchema): Option[] {
  const about = describe(field);
  if (field.type === 'boolean')
    return [new Option(`--${flag}`, about), new Option(`--no-${flag}`, '').hideHelp()];
  const option = new Option(`--${flag} <${placeholder(field)}>`, about);
  const parse = parserOf(field);
  return [parse ? option.argParser(parse) : option];
}

function describe(field: FieldSchema): string {
  const choices = field.enum ?? field.items?.enum;
  const parts = [
    field.description ?? '',
    choices ? `(${choices.join(', ')})` : '',
    field.default === undefined ? '' : `(default: ${JSON.stringify(field.default)})`,
  ];
  return parts.filter(Boolean).join(' ');
}

function placeholder(field: FieldSchema): string {
  if (field.type === 'array') return isRecord(field.items) ? 'json' : 'list';
  if (field.type === 'integer' || field.type === 'number') return 'number';
  return isRecord(field) ? 'json' : 'text';
}

function parserOf(field: FieldSchema): ((text: string, previous: unknown) => unknown) | undefined {
  switch (field.type) {
    case 'integer':
    case 'number':
      return parseNumber;
    case 'array': {
      const { items } = field;
      return (text, previous) => [
        ...((previous as unknown[] | undefined) ?? []),
        ...(isRecord(items) ? [parseJson(text)].flat() : splitList(text, items)),
      ];
    }
    default:
      return isRecord(field) ? parseJson : undefined;
  }
}

/** A schema of no type stands for any JSON. */
function isRecord(field: FieldSchema | undefined): boolean {
  return field?.type === 'object' || (field?.type === undefined && field?.enum === undefined);
}

function splitList(text: string, items: FieldSchema | undefined): unknown[] {
  const parts = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
  return items?.type === 'number' || items?.type === 'integer' ? parts.map(parseNumber) : parts;
}

function parseNumber(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It must be JSON: ${(error as Error).message}.`);
  }
}
