import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { MemoryError } from '../../engine/errors.ts';
import { checkInput } from '../../tools/checkInput.ts';
import type { Tool } from '../../tools/defineTool.ts';
import type { ToolResult } from '../../tools/toolResult.ts';
import { decodeUtf8 } from './decodeUtf8.ts';
import { ProgressLine } from './progressLine.ts';
import type { RunCommand } from './runCommand.ts';
import type { Session } from './session.ts';
import { tellOfWaiting } from './tellOfWaiting.ts';
import type { Style } from './terminal.ts';
import { readAll } from './terminal.ts';
import { argumentName, toolInput, toolOptions } from './toolOptions.ts';

/** How a command for people differs from the bare tool. */
export interface Friendly {
  readonly name: string;
  readonly summary: string;
  /** The words on the command line that become this field of the input, such as `<words...>`. */
  readonly argument?: { readonly spec: string; readonly about: string; readonly field: string };
  /** `-`, or nothing while something is piped in, reads the field from stdin. */
  readonly stdin?: boolean;
  /** Wait this long at most for the embedding of what was written, ms; `--no-wait` skips it. */
  readonly waitMs?: number;
  /** It goes through the index: what had to be built is kept for the next one, and what is missing there is told. */
  readonly recalls?: boolean;
  /** Words the answer for a person; default: the tool's own summary. */
  readonly render?: (structured: Record<string, unknown>, style: Style) => string;
}

/** A tool as a command: `memory-central store-memory --content …`, or its friendly form. */
export function toolCommand(tool: Tool, run: RunCommand, friendly?: Friendly): Command {
  const field = friendly?.argument?.field;
  const command = new Command(friendly?.name ?? tool.name.replaceAll('_', '-'))
    .summary(friendly?.summary ?? tool.title)
    .description(friendly ? `${friendly.summary}.` : tool.description);
  if (!friendly && command.name() !== tool.name) command.alias(tool.name);
  if (friendly?.argument) command.argument(friendly.argument.spec, friendly.argument.about);
  for (const option of toolOptions(tool, field === undefined ? [] : [field])) command.addOption(option);
  command.option('--input <file>', 'JSON with the whole input; - is stdin; flags win over it');
  if (friendly?.waitMs !== undefined) command.option('--no-wait', 'do not wait for the embedding');
  return command.action(
    run(async (session, { args, options }) => {
      const words = [args[0]].flat().filter((word): word is string => typeof word === 'string');
      const given = await givenField(words, friendly, options['input'] as string | undefined, session);
      const input = {
        ...(await inputFile(options['input'] as string | undefined, session)),
        ...toolInput(tool, options),
        ...(field !== undefined && given !== undefined && { [field]: given }),
      };
      if (friendly) demand(tool, friendly, input);
      const whole = withGlobals(tool, input, session);
      checkInput(tool, whole, {
        nameOf: path => argumentName(path, friendly?.argument),
        fix: `See memory-central ${command.name()} --help.`,
      });
      const result = await callTool(tool, whole, session);
      session.print(result.structured, textOf(result, friendly, session));
      if (result.notice !== undefined) session.note(result.notice);
      if (friendly?.waitMs !== undefined && options['wait'] !== false) await settle(session, friendly.waitMs);
      if (friendly?.recalls) {
        await (await session.engine()).saveIndex();
        await tellOfWaiting(session, 'while `memory-central serve` runs');
      }
    }),
  );
}

/** An agent is told of a field; a person, what to type. */
function demand(tool: Tool, { name, argument, stdin }: Friendly, input: Record<string, unknown>): void {
  if (!argument) return;
  const { about, field } = argument;
  const value = input[field];
  const optional = tool.input.shape[field]?.safeParse(undefined).success === true;
  if (optional || (value !== undefined && value !== '')) return;
  const words = argumentName([field], argument);
  throw new MemoryError(
    'invalid_input',
    `${words} is missing: ${about}.`,
    `Type: memory-central ${name} ${words}${stdin ? `, or pipe it in: … | memory-central ${name} -` : ''}`,
  );
}

/** The input with what the options of every command add to it. */
function withGlobals(tool: Tool, input: Record<string, unknown>, session: Session): Record<string, unknown> {
  const takes = (name: string) => name in tool.input.shape && !(name in input);
  return {
    ...input,
    ...(takes('namespace') && session.namespace !== undefined && { namespace: session.namespace }),
    ...(tool.effect === 'writes' &&
      tool.name === 'store_memory' &&
      takes('agent_id') &&
      session.agent !== undefined && { agent_id: session.agent }),
  };
}

async function callTool(tool: Tool, input: Record<string, unknown>, session: Session): Promise<ToolResult> {
  using line = new ProgressLine(session.streams.stderr, session.quiet || session.json);
  return await session.call(tool.name, input, report => line.show(report));
}

async function givenField(
  words: readonly string[],
  friendly: Friendly | undefined,
  inputOption: string | undefined,
  session: Session,
): Promise<string | undefined> {
  if (friendly?.stdin && inputOption === undefined) {
    const { stdin } = session.streams;
    if ((words.length === 1 && words[0] === '-') || (words.length === 0 && !stdin.isTTY))
      return (await readAll(stdin, session.signal)).replace(/\n$/, '');
  }
  return words.length > 0 ? words.join(' ') : undefined;
}

async function inputFile(path: string | undefined, session: Session): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  try {
    const text =
      path === '-'
        ? await readAll(session.streams.stdin, session.signal)
        : decodeUtf8(await readFile(path), `--input ${path}`);
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return value as Record<string, unknown>;
    throw new SyntaxError('it is no object');
  } catch (error) {
    session.signal.throwIfAborted();
    if (MemoryError.is(error)) throw error;
    throw new MemoryError(
      'invalid_input',
      `--input ${path} cannot be read as JSON: ${(error as Error).message}.`,
      'Give one JSON object with the fields of the tool.',
      { cause: error },
    );
  }
}

function textOf(result: ToolResult, friendly: Friendly | undefined, session: Session): string {
  if (session.quiet) return idsOf(result.structured);
  return friendly?.render?.(result.structured, session.style) ?? result.text;
}

/** What --quiet leaves: ids, one a line. */
function idsOf(structured: Record<string, unknown>): string {
  if (typeof structured['id'] === 'string') return structured['id'];
  const { memories } = structured;
  return Array.isArray(memories) ? memories.map(memory => (memory as { id: string }).id).join('\n') : '';
}

/** What was just stored is found by meaning too once it has its vector; the model takes a moment, a backlog longer. */
async function settle(session: Session, waitMs: number): Promise<void> {
  const engine = await session.engine();
  await engine.settled(AbortSignal.any([session.signal, AbortSignal.timeout(waitMs)])).catch(() => undefined);
}
