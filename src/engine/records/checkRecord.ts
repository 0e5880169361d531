import { MemoryError } from '../errors.ts';
import { checkText } from '../memories/checkText.ts';
import type { NewEmbedding } from '../ports/embeddingRecords.ts';
import type { BusEvent } from '../ports/eventBus.ts';
import type { ModelUsage, NewModel } from '../ports/modelRegistry.ts';
import type { NodeLoad, NodeRecord } from '../ports/nodeRegistry.ts';
import type { ToolCall } from '../ports/toolResultCache.ts';

const MAX_NAME = 200;
const MAX_PATH = 4096;
const MAX_DIMENSIONS = 4096;
/** What comes before the id of a session in the source of an embedding. */
const SESSION = 'session:';

/** Ids and names that become part of a key: 1..200 characters. Throws `invalid_input`. */
export function checkName(what: string, name: string, options: { readonly refusedEnd?: string } = {}): void {
  const { refusedEnd } = options;
  if (name === '' || name.length > MAX_NAME)
    throw refused(`${what} has ${name.length} characters.`, `Give it 1 to ${MAX_NAME}.`);
  checkText(what, name, MAX_NAME);
  if (refusedEnd !== undefined && name.endsWith(refusedEnd))
    throw refused(
      `${what} "${name}" ends in "${refusedEnd}".`,
      'Choose another name: that one is a key of its own.',
    );
}

/** What is kept as a list with commas. Throws `invalid_input`. */
export function checkList(what: string, items: readonly string[]): void {
  const wrong = items.find(item => item === '' || item.includes(','));
  if (wrong !== undefined)
    throw refused(`${what} "${wrong}" is empty or has a comma, which separates them.`, 'Leave it out.');
}

export function checkEmbedding({ sha256, vector }: NewEmbedding): void {
  checkSha256(sha256);
  if (vector.length > MAX_DIMENSIONS)
    throw refused(`A vector has ${vector.length} numbers.`, `Give at most ${MAX_DIMENSIONS}.`);
}

export function checkSha256(sha256: string): void {
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw refused(`"${sha256}" is no SHA-256.`, 'Give 64 lower-case hex digits.');
}

/** The session that an embedding came from. */
export function sessionOf(source: string): string | undefined {
  return source.startsWith(SESSION) && source.length > SESSION.length
    ? source.slice(SESSION.length)
    : undefined;
}

export function checkCall({ tool, inputHash, path = '' }: ToolCall): void {
  checkName('A tool', tool);
  checkName('The hash of an input', inputHash);
  checkText('A path', path, MAX_PATH);
  // Else two calls could have one key.
  if (`${tool}${inputHash}`.includes(':'))
    throw refused(
      `"${tool}" or "${inputHash}" has a colon.`,
      'Name the tool and the hash of its input without one.',
    );
}

export function checkModelName(name: string): void {
  checkName('A model', name, { refusedEnd: ':stats' });
}

export function checkModel({ name, sizeGb, contextLength }: NewModel): void {
  checkModelName(name);
  checkAmount('The size of a model', sizeGb);
  checkAmount('A context length', contextLength, { whole: true });
}

export function checkUsage(name: string, { requests, tokensGenerated }: ModelUsage): void {
  checkModelName(name);
  checkAmount('A number of requests', requests, { whole: true });
  checkAmount('A number of tokens', tokensGenerated, { whole: true });
}

export function checkNode({ name, vramGb, computeTflops, ramGb, roles }: NodeRecord): void {
  checkNodeName(name);
  for (const amount of [vramGb, computeTflops, ramGb]) checkAmount('What a node has', amount);
  checkList('The role', roles);
}

export function checkLoad(name: string, { cpu, gpu, mem }: NodeLoad): void {
  checkNodeName(name);
  for (const share of [cpu, gpu, mem]) checkAmount('The load of a node', share);
}

export function checkNodeName(name: string): void {
  checkName('A node', name, { refusedEnd: ':heartbeat' });
}

/** Throws `invalid_input` for a number that JSON cannot carry. */
export function checkEvent(event: BusEvent): void {
  if (event.type === 'training_complete') checkAmount('An accuracy', event.accuracy);
}

/** Throws `invalid_input` for what is no finite number >= 0, or no whole one where that is asked for. */
export function checkAmount(what: string, value: number, options: { readonly whole?: boolean } = {}): void {
  const fits = options.whole ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!fits || value < 0)
    throw refused(
      `${what} is ${value}.`,
      `Give a ${options.whole ? 'whole ' : ''}number that is not negative.`,
    );
}

/** How many to return: 1..1000. Throws `invalid_input`. */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw refused(`The limit is ${limit}.`, 'Ask for 1 to 1,000.');
}

function refused(message: string, fix: string): MemoryError {
  return new MemoryError('invalid_input', message, fix);
}
