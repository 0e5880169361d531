import { Option } from 'commander';
import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import type { Tool } from '../../tools/defineTool.ts';
import { findTool } from '../../tools/registry.ts';
import { type PlainArgument, shownArgument } from './plainArgument.ts';

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
  shared_with: 'Principals, clients or agents it is shared with',
  trust: '0 rumour, 1 stated by a person',
  review: 'Whether a person accepted it',
  supersedes: 'Id of the memory it replaces',
  until: 'Created before',
  limit: 'At most so many',
  offset: 'Leave out so many of the first',
  pinned: 'Pinned; --no-pinned: not pinned',
  sensitive: 'Encrypted at rest; --no-sensitive: not any more',
  content: 'The text',
  key: 'Under which it is kept',
  value: 'What is kept, as JSON',
  confirm: 'Do it',
  conversation_id: 'Id of the conversation',
  memory_types: 'What kinds of memories',
  operations: 'A list such as [{"op": "store_memory", "args": {"content": "…"}}]',
  stop_on_error: 'Leave out what follows the first that fails',
  kind: 'What it is',
  cache: 'Which cache',
  expired_only: 'Only those whose time is over',
};

/** The same for what tasks and agents take; some names mean another thing there. */
const ABOUT_WORK: Readonly<Record<string, string>> = {
  title: 'What is to be done, in a few words',
  description: 'All that is needed to do it',
  required_capabilities: 'Only for agents that have all of these; separated by commas',
  priority: 'What comes first',
  payload: 'Anything that a program needs, as one JSON object',
  preferred_agent: 'Id of the agent that it is offered to first',
  claim: 'Lease them, instead of only listing them',
  limit: 'At most so many',
  task_id: 'Id of the task',
  fence: 'Number of the claim, as it was returned',
  lease_id: 'Id of the claim, as it was returned',
  result: 'What came of it, as one JSON object',
  note: 'For whoever reads it next',
  answer: 'Answer to its question',
  cancel: 'Cancel it',
  reason: 'Why it is cancelled',
  states: 'Only these; separated by commas',
  capabilities: 'What it can do; separated by commas',
  agent_type: 'What kind of agent',
  agent_id: 'Id of the agent',
  load: '0 idle to 1 busy',
  current_task: 'What it works on',
  content: 'A message, or any words',
  memory_ids: 'Ids of memories; separated by commas',
  topic: 'What it is about',
  permission: 'Whether they may change the memories, too',
  reply_to: 'Id of the context that this one answers',
  with_agent: 'Only what is shared by or with this agent',
  unread: 'Only what was not acknowledged',
  context_id: 'Id of what was shared',
  take: 'Claim its tasks',
  to_agent: 'Agent or client that goes on with your work',
};

/**
 * The flags of a tool, made from its input: `--memory-id` and, unlisted, `--memory_id`. Lists may be repeated or separated by
 * commas; records, and lists of records, are JSON.
 */
export function toolOptions(tool: Tool, hasFlag: (field: string) => boolean = () => true): Option[] {
  const schema = z.toJSONSchema(tool.input, { io: 'input' }) as {
    properties?: Record<string, FieldSchema>;
    required?: readonly string[];
  };
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => !GLOBAL.has(name) && hasFlag(name))
    .flatMap(([name, field]) => {
      const kebab = name.replaceAll('_', '-');
      const required = schema.required?.includes(name) === true;
      const ofWork = tool.set === 'tasks' || tool.set === 'agents';
      const about = (ofWork ? ABOUT_WORK[name] : undefined) ?? ABOUT[name] ?? ABOUT_WORK[name];
      const shown = optionsOf(kebab, { description: about ?? '', ...field }, required);
      return kebab === name
        ? shown
        : [...shown, ...optionsOf(name, field, required).map(option => option.hideHelp())];
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

/**
 * A field as the command line has it: `<id>`, `--memory-id`, or `entry 2 of --tags`.
 * @param plain the fields that are given in plain words
 */
export function argumentName(path: readonly PropertyKey[], plain: readonly PlainArgument[] = []): string {
  const [field, ...inside] = path.map(String);
  if (field === undefined) return '';
  const argument = plain.find(one => one.field === field);
  const name = argument ? shownArgument(argument) : `--${field.replaceAll('_', '-')}`;
  return inside.reduce(
    (whole, key) => (/^\d+$/.test(key) ? `entry ${Number(key) + 1} of ${whole}` : `"${key}" in ${whole}`),
    name,
  );
}

function optionsOf(flag: string, field: FieldSchema, required: boolean): Option[] {
  const about = describe(flag, field, required);
  if (field.type === 'boolean')
    return [new Option(`--${flag}`, about), new Option(`--no-${flag}`, '').hideHelp()];
  const option = new Option(`--${flag} <${placeholder(field)}>`, about);
  const parse = parserOf(`--${flag}`, field);
  return [parse ? option.argParser(parse) : option];
}

function describe(flag: string, field: FieldSchema, required: boolean): string {
  const choices = field.enum ?? field.items?.enum;
  const parts = [
    typed(field.description ?? '') +
      (field.type === 'boolean' && field.default === true ? `; --no-${flag}: not` : ''),
    required ? '(required)' : '',
    choices ? `(${choices.join(', ')})` : '',
    isEmpty(field.default) ? '' : `(default: ${JSON.stringify(field.default)})`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** What a model reads, as a person types it: commands have hyphens, and a window breaks lines by itself. */
export function typed(text: string): string {
  return text
    .replaceAll('\n', ' ')
    .replace(/\b(confirm|dry_run|claim|take): true/g, (_, flag: string) => `--${flag.replace('_', '-')}`)
    .replace(/\b[a-z]+(?:_[a-z]+)+\b/g, name => (findTool(name) ? name.replaceAll('_', '-') : name));
}

/** Nothing, which nobody has to be told. */
function isEmpty(value: unknown): boolean {
  return value === undefined || ['""', '[]', '{}'].includes(JSON.stringify(value));
}

function placeholder(field: FieldSchema): string {
  if (field.type === 'array') return isRecord(field.items) ? 'json' : 'list';
  if (field.type === 'integer' || field.type === 'number') return 'number';
  return isRecord(field) ? 'json' : 'text';
}

function parserOf(
  flag: string,
  field: FieldSchema,
): ((text: string, previous: unknown) => unknown) | undefined {
  switch (field.type) {
    case 'integer':
    case 'number':
      return text => parseNumber(flag, text);
    case 'array': {
      const { items } = field;
      return (text, previous) => [
        ...((previous as unknown[] | undefined) ?? []),
        ...(isRecord(items) ? [parseJson(flag, text)].flat() : splitList(flag, text, items)),
      ];
    }
    default:
      return isRecord(field) ? text => parseJson(flag, text) : undefined;
  }
}

/** A schema of no type stands for any JSON. */
function isRecord(field: FieldSchema | undefined): boolean {
  return field?.type === 'object' || (field?.type === undefined && field?.enum === undefined);
}

function splitList(flag: string, text: string, items: FieldSchema | undefined): unknown[] {
  const parts = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
  return items?.type === 'number' || items?.type === 'integer'
    ? parts.map(part => parseNumber(flag, part))
    : parts;
}

/** Throws `invalid_input` in a person's words. */
export function parseNumber(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  const message = `${flag} must be a number, not ${JSON.stringify(text)}.`;
  throw new MemoryError('invalid_input', message, `Give it in digits, such as ${flag} 10.`);
}

function parseJson(flag: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `${flag} must be JSON: ${(error as Error).message}.`;
    throw new MemoryError('invalid_input', message, `Quote it whole, such as ${flag} '{"name":"value"}'.`, {
      cause: error,
    });
  }
}
