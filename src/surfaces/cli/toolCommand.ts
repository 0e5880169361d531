import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { MemoryError } from '../../engine/errors.ts';
import { oneLine, visibleTexts } from '../../engine/foreignText.ts';
import { checkInput } from '../../tools/checkInput.ts';
import type { Tool } from '../../tools/defineTool.ts';
import type { ToolResult } from '../../tools/toolResult.ts';
import { decodeUtf8 } from './decodeUtf8.ts';
import { keepProofs, withProof } from './heldTasks.ts';
import { addOptionsLater } from './laterOptions.ts';
import { type PlainArgument, plainFields, shownArgument } from './plainArgument.ts';
import { ProgressLine } from './progressLine.ts';
import type { RunCommand } from './runCommand.ts';
import type { Session } from './session.ts';
import { tellOfWaiting } from './tellOfWaiting.ts';
import type { Style } from './terminal.ts';
import { readAll } from './terminal.ts';
import { argumentName, toolInput, toolOptions, typed } from './toolOptions.ts';

/** How a command for people differs from the bare tool. */
export interface Friendly {
  readonly name: string;
  readonly summary: string;
  /** More than the summary, for its own help. */
  readonly description?: string;
  readonly plain?: readonly PlainArgument[];
  /** The only fields that it has flags for. Default: all that plain words do not give. */
  readonly flags?: readonly string[];
  /** What the command means by itself; flags win over it. */
  readonly meant?: Readonly<Record<string, unknown>>;
  /** `-`, or nothing while something is piped in, reads the first of the plain words from stdin. */
  readonly stdin?: boolean;
  /** Wait this long at most for the embedding of what was written, ms; `--no-wait` skips it. */
  readonly waitMs?: number;
  /** It goes through the index: what had to be built is kept for the next one, and what is missing there is told. */
  readonly recalls?: boolean;
  /** Words the answer for a person; default: the tool's own summary. @param namespace what --namespace named */
  readonly render?: (structured: Record<string, unknown>, style: Style, namespace?: string) => string;
}

/**
 * A tool as a command: `memory-central store-memory --content …`, or its friendly form.
 * @param own what differs where there is no friendly form
 */
export function toolCommand(
  tool: Tool,
  run: RunCommand,
  friendly?: Friendly,
  own: Pick<Friendly, 'plain' | 'render'> = {},
): Command {
  const plain = friendly?.plain ?? own.plain ?? [];
  const render = friendly?.render ?? own.render;
  const command = new Command(friendly?.name ?? tool.name.replaceAll('_', '-'))
    .summary(friendly?.summary ?? tool.title)
    .description(friendly ? (friendly.description ?? `${friendly.summary}.`) : typed(tool.description));
  if (!friendly && command.name() !== tool.name) command.alias(tool.name);
  for (const { spec, about } of plain) command.argument(spec, about);
  addOptionsLater(command, () => {
    for (const option of toolOptions(tool, field => hasFlag(field, friendly))) command.addOption(option);
    command.option('--input <file>', 'JSON with the whole input; - is stdin; flags win over it');
    if (friendly?.waitMs !== undefined) command.option('--no-wait', 'do not wait for the embedding');
  });
  return command.action(
    run(async (session, { args, options }) => {
      const input = {
        ...friendly?.meant,
        ...(await inputFile(options['input'] as string | undefined, session)),
        ...toolInput(tool, options),
        ...plainFields(plain, await withStdin(args, friendly, options['input'] !== undefined, session)),
      };
      if (friendly) demand(tool, friendly, pathOf(command), input);
      const whole = withGlobals(tool, input, session);
      checkInput(tool, whole, {
        nameOf: path => argumentName(path, friendly?.plain),
        fix: `See memory-central ${pathOf(command)} --help.`,
      });
      const result = await callTool(tool, await withProof(tool.name, whole, session), session);
      if (tool.answersSecret) printSecret(result, session);
      else session.print(result.structured, textOf(result, render, session));
      // The answer shows the proof, too.
      await keepProofs(tool.name, whole, result.structured, session).catch(() => undefined);
      if (result.notice !== undefined) session.note(result.notice);
      if (friendly?.waitMs !== undefined && options['wait'] !== false) await settle(session, friendly.waitMs);
      if (friendly?.recalls) {
        await (await session.engine()).saveIndex();
        await tellOfWaiting(session, 'while `memory-central serve` runs');
      }
    }),
  );
}

function hasFlag(field: string, friendly: Friendly | undefined): boolean {
  if (friendly?.flags) return friendly.flags.includes(field);
  return !friendly?.plain?.some(argument => argument.field === field);
}

/** As it is typed after the program's name, such as `token create`. */
function pathOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

/** An agent is told of a field; a person, what to type. */
function demand(
  tool: Tool,
  { plain = [], stdin }: Friendly,
  path: string,
  input: Record<string, unknown>,
): void {
  const isRequired = (field: string) => tool.input.shape[field]?.safeParse(undefined).success === false;
  const isGiven = (field: string) => input[field] !== undefined && input[field] !== '';
  const needed = plain.filter(({ field, needed }) => needed !== undefined || isRequired(field));
  const missing = needed.find(({ field, needed = [field] }) => !needed.some(isGiven));
  if (!missing) return;
  const typed = `memory-central ${path} ${needed.map(shownArgument).join(' ')}`;
  throw new MemoryError(
    'invalid_input',
    `${shownArgument(missing)} is missing: ${missing.about}.`,
    `Type: ${typed}${stdin ? `, or pipe it in: … | memory-central ${path} -` : ''}`,
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

/** The plain words as commander gave them, or what is piped in in the place of the first. */
async function withStdin(
  args: readonly unknown[],
  friendly: Friendly | undefined,
  hasInput: boolean,
  { streams: { stdin }, signal }: Session,
): Promise<readonly unknown[]> {
  if (!friendly?.stdin || hasInput) return args;
  const words = [args[0]].flat().filter(word => word !== undefined);
  const isPiped = (words.length === 1 && words[0] === '-') || (words.length === 0 && !stdin.isTTY);
  return isPiped ? [(await readAll(stdin, signal)).replace(/\n$/, '')] : args;
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

/** The secret is its text's first line, and all that a script finds on stdout; an id in its place would lose it. */
function printSecret({ structured, text }: ToolResult, session: Session): void {
  const [secret = '', ...remarks] = text.split('\n');
  session.print(structured, secret);
  session.note(remarks.join('\n'));
}

function textOf(result: ToolResult, render: Friendly['render'], session: Session): string {
  if (session.quiet) return idsOf(result.structured);
  return render?.(visibleTexts(result.structured), session.style, session.namespace) ?? result.text;
}

/** What --quiet leaves: ids, or names where there are none, one a line. */
function idsOf(structured: Record<string, unknown>): string {
  const idOf = (one: unknown) => {
    const { id, name } = (one ?? {}) as { id?: unknown; name?: unknown };
    return [id, name].filter(value => typeof value === 'string').slice(0, 1);
  };
  const own = idOf(structured);
  const list = Object.values(structured).find(value => Array.isArray(value) && value.length > 0) ?? [];
  return (own.length > 0 ? own : (list as unknown[]).flatMap(idOf))
    .map(id => oneLine(id, Number.POSITIVE_INFINITY))
    .join('\n');
}

/** What was just stored is found by meaning too once it has its vector; the model takes a moment, a backlog longer. */
async function settle(session: Session, waitMs: number): Promise<void> {
  const engine = await session.engine();
  await engine.settled(AbortSignal.any([session.signal, AbortSignal.timeout(waitMs)])).catch(() => undefined);
}
