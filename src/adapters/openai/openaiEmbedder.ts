import { checkTextCount } from '../../engine/embedding/checkTextCount.ts';
import { MemoryError } from '../../engine/errors.ts';
import type { Embedder, EmbedderState, EmbeddingModel } from '../../engine/ports/embedder.ts';
import { type Endpoint, HttpStatus, postJson } from './postJson.ts';
import { readEmbeddings } from './readEmbeddings.ts';

const OFFICIAL_HOST = 'api.openai.com';
const KNOWN_DIMENSIONS: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};
/** Dimensions. */
const LONGEST = 4096;
/** Statuses of servers that find fault with a text. */
const REFUSED_INPUT: readonly number[] = [400, 413, 422];
/** Texts are not shortened below this. */
const SHORTEST_CHARS = 250;
/** Stands for a text of blanks; a model that refuses this one, too, does not work. */
const PLAIN = '-';
const BATCH_TEXTS = 96;
const BATCH_CHARS = 200_000;

/** An OpenAI-compatible endpoint and one of its models. */
export interface OpenAiOptions {
  /** Such as `https://api.openai.com/v1`; without user name and password. */
  readonly baseUrl: string;
  /** Sent as a bearer token; none when empty. */
  readonly apiKey?: string;
  readonly model: string;
  /** 1..4096. Default: known for OpenAI's own, else learnt from the first answer. A text-embedding-3 model is asked to shorten its vectors to it. */
  readonly dimensions?: number;
  /** Of one attempt. Default 10,000. */
  readonly timeoutMs?: number;
  /** Longest text sent, in UTF-16 units; the rest is cut off. Default 8,000, which fits 8,192 tokens of most texts. */
  readonly maxChars?: number;
  /** Wait before the second attempt. Default 500. */
  readonly backoffMs?: number;
}

/** Asks nothing of the endpoint yet. Throws `invalid_input` when the dimensions or the address are wrong. */
export function createOpenAiEmbedder(options: OpenAiOptions): Embedder {
  return new OpenAiEmbedder(options);
}

class OpenAiEmbedder implements Embedder {
  #model: EmbeddingModel;
  readonly #endpoint: Endpoint;
  readonly #request: Readonly<Record<string, unknown>>;
  readonly #maxChars: number;
  readonly #closed = new AbortController();
  #state: EmbedderState = { status: 'idle' };

  constructor(options: OpenAiOptions) {
    this.#endpoint = endpointOf(options);
    const official = new URL(options.baseUrl).host === OFFICIAL_HOST;
    const known = KNOWN_DIMENSIONS[options.model];
    const dimensions = options.dimensions ?? known;
    if (dimensions !== undefined && !isLength(dimensions)) {
      const message = `${dimensions} are no dimensions that the embedding model ${options.model} can have.`;
      throw new MemoryError('invalid_input', message, 'Set its dimensions, 1 to 4096, in the settings.');
    }
    const shortened = known !== undefined && known !== dimensions;
    this.#model = {
      id: modelId(options, official, shortened ? dimensions : undefined),
      dimensions: dimensions ?? 0,
    };
    this.#maxChars = options.maxChars ?? 8_000;
    this.#request = {
      model: options.model,
      // A fifth of the bytes; servers other than OpenAI's may not know the field.
      ...(official ? { encoding_format: 'base64' } : {}),
      ...(shortened ? { dimensions } : {}),
    };
  }

  get model(): EmbeddingModel {
    return this.#model;
  }

  state(): EmbedderState {
    return this.#state;
  }

  async embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]> {
    checkTextCount(texts);
    const ended = signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
    const vectors: Float32Array[] = [];
    // A question is not to wait again for what just failed.
    const attempts = texts.length === 1 && this.#state.status === 'failed' ? 1 : undefined;
    try {
      for (const input of batches(texts.map(text => sendable(text, this.#maxChars)))) {
        vectors.push(...(await this.#ask(input, ended, attempts)));
      }
    } catch (error) {
      if (MemoryError.is(error, 'unavailable')) {
        this.#state = { status: 'failed', device: 'http', problem: `${error.message} ${error.fix}` };
      }
      throw error;
    }
    if (vectors.length > 0) this.#state = { status: 'ready', device: 'http' };
    return vectors;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
  }

  /** One text that the model takes for too long must not keep the others from their vectors: so it is found, and shortened. */
  async #ask(
    input: readonly string[],
    signal: AbortSignal,
    attempts: number | undefined,
  ): Promise<readonly Float32Array[]> {
    try {
      const answer = await postJson(this.#endpoint, { ...this.#request, input }, signal, attempts);
      const found = readEmbeddings(answer, input.length, this.#model.dimensions || undefined);
      this.#learn(found[0]!.length);
      return found;
    } catch (error) {
      if (!isRefusedInput(error)) throw error;
      const smaller = halves(input);
      if (smaller.length === 0) throw await this.#blame(error as MemoryError, signal);
      const found: Float32Array[] = [];
      for (const part of smaller) found.push(...(await this.#ask(part, signal, attempts)));
      return found;
    }
  }

  /** Servers give the same answer to a text that they do not like and to a request that is wrong: a plain text tells which it was. */
  async #blame(refusal: MemoryError, signal: AbortSignal): Promise<MemoryError> {
    try {
      await postJson(this.#endpoint, { ...this.#request, input: [PLAIN] }, signal, 1);
    } catch (error) {
      return MemoryError.is(error, 'cancelled') ? error : refusal;
    }
    this.#state = { status: 'ready', device: 'http' };
    const fix = 'The text is found by its words; change it, or choose another embedding model.';
    return new MemoryError('invalid_input', refusal.message, fix, { cause: refusal });
  }

  #learn(dimensions: number): void {
    if (this.#model.dimensions > 0) return;
    if (!isLength(dimensions)) {
      const message = `The embedding endpoint sent vectors of ${dimensions} dimensions; at most ${LONGEST} are kept.`;
      throw new MemoryError('unavailable', message, 'Choose another embedding model.');
    }
    this.#model = { ...this.#model, dimensions };
  }
}

function isRefusedInput(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  return cause instanceof HttpStatus && REFUSED_INPUT.includes(cause.status);
}

/** Of a batch its halves, of a text its beginning; nothing when it is short already. */
function halves(input: readonly string[]): (readonly string[])[] {
  if (input.length > 1) {
    const middle = Math.ceil(input.length / 2);
    return [input.slice(0, middle), input.slice(middle)];
  }
  const text = input[0]!;
  return text.length < 2 * SHORTEST_CHARS ? [] : [[sendable(text, text.length / 2)]];
}

function isLength(dimensions: number): boolean {
  return Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= LONGEST;
}

function endpointOf(options: OpenAiOptions): Endpoint {
  const base = URL.canParse(options.baseUrl) ? new URL(options.baseUrl) : null;
  if (base === null || !/^https?:$/.test(base.protocol) || base.username !== '' || base.password !== '') {
    const fix =
      'Give an http(s) address such as https://api.openai.com/v1; a key belongs into its own setting.';
    throw new MemoryError('invalid_input', 'The base URL of the embedding endpoint is not usable.', fix);
  }
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/embeddings`;
  return {
    url: url.href,
    ...(options.apiKey ? { apiKey: options.apiKey } : {}),
    timeoutMs: options.timeoutMs ?? 10_000,
    backoffMs: options.backoffMs ?? 500,
  };
}

/** Names whatever decides about the vectors, so that those of different servers or lengths are never mixed. */
function modelId(options: OpenAiOptions, official: boolean, shortenedTo: number | undefined): string {
  const host = official ? '' : `@${new URL(options.baseUrl).host}`;
  return `openai/${options.model}${host}${shortenedTo === undefined ? '' : `/${shortenedTo}`}`;
}

/** Endpoints refuse empty texts and broken Unicode. */
function sendable(text: string, maxChars: number): string {
  const cut = text.slice(0, maxChars).toWellFormed();
  return cut.trim() === '' ? PLAIN : cut;
}

function* batches(texts: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let chars = 0;
  for (const text of texts) {
    if (batch.length === BATCH_TEXTS || (batch.length > 0 && chars + text.length > BATCH_CHARS)) {
      yield batch;
      batch = [];
      chars = 0;
    }
    batch.push(text);
    chars += text.length;
  }
  if (batch.length > 0) yield batch;
}
