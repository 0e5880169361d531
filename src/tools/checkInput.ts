import type { z } from 'zod';
import { MemoryError } from '../engine/errors.ts';
import { oneLine } from '../engine/foreignText.ts';
import { hasKey, isNestedDeeper, MOST_LEVELS } from '../engine/model/nesting.ts';
import type { Tool } from './defineTool.ts';

type Issue = Parameters<z.core.$ZodErrorMap>[0];

/** How a surface speaks of the input to whoever gave it. */
export interface InputWording {
  /** @param path of the argument within the input, such as `anchors, 0, path` */
  nameOf(path: readonly PropertyKey[]): string;
  /** What to do about it. */
  readonly fix: string;
}

/** Of all that is wrong so much is told: the rest is seen when this is mended. */
const MOST_PROBLEMS = 20;
const PROBLEM_CHARS = 300;
/** Wrong values are repeated up to this length, so that they are recognised. */
const SHOWN_CHARS = 40;

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/**
 * Checks the input of a tool strictly and fills in what was left out. Throws `invalid_input` with all that is wrong: the argument,
 * what it is and what it may be.
 *
 * @param wording default: in the words of agents
 */
export function checkInput(tool: Tool, input: unknown, wording = forAgents(tool)): Record<string, unknown> {
  if (isNestedDeeper(input)) {
    const problem = `the input is nested more than ${MOST_LEVELS} levels deep; metadata is meant for a few plain values`;
    throw inputError(tool, [problem], wording);
  }
  // Programs in JavaScript lose such a key or, worse, take it at its word.
  if (hasKey(input, '__proto__'))
    throw inputError(
      tool,
      ['the input has a key "__proto__", which cannot be kept: give it another name'],
      wording,
    );
  const parsed = tool.input.safeParse(input ?? {}, { error: whatIsWrong });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    [wording.nameOf(path), message].filter(Boolean).join(' '),
  );
  throw inputError(tool, problems, wording);
}

function inputError(tool: Tool, problems: readonly string[], { fix }: InputWording): MemoryError {
  const told = problems.slice(0, MOST_PROBLEMS).map(problem => oneLine(problem, PROBLEM_CHARS));
  if (problems.length > told.length) told.push(`and ${problems.length - told.length} more like these`);
  const unchanged = tool.effect === 'reads' ? '' : ' Nothing was changed.';
  return new MemoryError('invalid_input', `${told.join('; ')}.${unchanged}`, fix);
}

function forAgents(tool: Tool): InputWording {
  return {
    nameOf: path =>
      path
        .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`))
        .join(''),
    fix: `Correct the call; ${tool.name} takes: ${Object.keys(tool.input.shape).join(', ')}.`,
  };
}

/** To be read after the argument's name. Checks that were given words of their own keep them. */
function whatIsWrong(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(KINDS[issue.expected] ?? String(issue.expected), issue.input);
    case 'invalid_value':
      return mustBe(`one of ${issue.values.map(String).join(', ')}`, issue.input);
    case 'too_small':
      return atLeast(Number(issue.minimum), issue.input);
    case 'too_big':
      return atMost(Number(issue.maximum), issue.input);
    case 'unrecognized_keys':
      return `${issue.path?.length ? 'has an ' : ''}unknown argument ${issue.keys.map(key => `"${key}"`).join(', ')}`;
    default:
      return undefined;
  }
}

function mustBe(what: string, input: unknown): string {
  return input === undefined ? `is missing (it must be ${what})` : `must be ${what}, not ${shown(input)}`;
}

function atLeast(minimum: number, input: unknown): string {
  if (typeof input === 'number') return `must be at least ${minimum}, not ${input}`;
  return minimum === 1 ? 'must not be empty' : `must have at least ${sizeOf(minimum, input)}`;
}

function atMost(maximum: number, input: unknown): string {
  if (typeof input === 'number') return `must be at most ${maximum}, not ${input}`;
  return `must have at most ${sizeOf(maximum, input)}, not ${(input as string | unknown[]).length}`;
}

function sizeOf(count: number, input: unknown): string {
  return `${count} ${typeof input === 'string' ? 'characters' : 'entries'}`;
}

function shown(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object' && input !== null) return 'an object';
  const text = typeof input === 'string' ? JSON.stringify(input) : String(input);
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
