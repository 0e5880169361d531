import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryError } from '../../engine/errors.ts';

const ATTEMPTS = 4;
const LONGEST_WAIT_MS = 20_000;
const SHOWN_CHARS = 300;

/** The cause of an error that was the server's answer. */
export class HttpStatus extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** Where and how to ask. */
export interface Endpoint {
  readonly url: string;
  readonly apiKey?: string;
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** Wait before the second attempt; doubled for each further one. */
  readonly backoffMs: number;
}

type Outcome =
  | { readonly json: unknown }
  | { readonly error: MemoryError; readonly again: boolean; readonly waitMs?: number };

/**
 * Posts JSON and returns the JSON of the answer. A busy or broken server (429, 5xx, no connection, timeout) is asked up to
 * four times, after the wait that its `Retry-After` names (at most 20 s), else with doubled waits and jitter.
 * Rejects with `unavailable`, never naming the key, also when it is aborted between two attempts; or `cancelled`.
 */
export async function postJson(
  endpoint: Endpoint,
  body: unknown,
  signal?: AbortSignal,
  attempts = ATTEMPTS,
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await ask(endpoint, body, signal);
    if ('json' in outcome) return outcome.json;
    const wait = outcome.waitMs ?? endpoint.backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
    if (!outcome.again || attempt >= attempts || wait > LONGEST_WAIT_MS) throw outcome.error;
    await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() => {
      // Why there is no answer says more than that nobody waits for it any more.
      throw outcome.error;
    });
  }
}

async function ask(endpoint: Endpoint, body: unknown, signal: AbortSignal | undefined): Promise<Outcome> {
  if (signal?.aborted) throw cancelled();
  const timeout = AbortSignal.timeout(endpoint.timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(endpoint.apiKey === undefined ? {} : { authorization: `Bearer ${endpoint.apiKey}` }),
      },
      body: JSON.stringify(body),
      // A redirect could carry the texts to another host.
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw cancelled();
    const why = timeout.aborted
      ? `gave no answer within ${endpoint.timeoutMs} ms`
      : `cannot be reached (${cause(error)})`;
    const fix = 'Check the base URL of the embedding endpoint, and that its server runs.';
    return { error: unavailable(endpoint, why, fix, error), again: true };
  }
  if (!response.ok) return refused(endpoint, response, text);
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    const fix = 'Check the base URL of the embedding endpoint; it usually ends in /v1.';
    return { error: unavailable(endpoint, 'did not answer with JSON', fix, error), again: false };
  }
}

function refused(endpoint: Endpoint, response: Response, text: string): Outcome {
  const { status } = response;
  const again = status === 429 || status === 408 || status >= 500;
  const waitMs = retryAfterMs(response.headers.get('retry-after'));
  // Such answers tend to repeat the key.
  const said = status === 401 || status === 403 ? '' : message(text, endpoint.apiKey);
  const error = unavailable(
    endpoint,
    `answered with status ${status}${said}`,
    advice(status),
    new HttpStatus(status),
  );
  return { error, again, ...(waitMs === undefined ? {} : { waitMs }) };
}

function advice(status: number): string {
  if (status === 401 || status === 403) return 'Check the API key of the embedding endpoint.';
  if (status === 404)
    return 'Check the base URL (it usually ends in /v1) and the name of the embedding model.';
  if (status === 429) return 'Wait a little; if it goes on, check the quota of the account.';
  if (status >= 500) return 'The server has a problem; try again later.';
  return 'Check the name of the embedding model and its dimensions.';
}

/** The server's own words, where it has some. */
function message(text: string, apiKey: string | undefined): string {
  try {
    const { error } = JSON.parse(text) as { error?: string | { message?: string } };
    const said = typeof error === 'string' ? error : error?.message;
    if (typeof said !== 'string') return '';
    const safe = apiKey === undefined ? said : said.replaceAll(apiKey, '…');
    return `: ${safe.slice(0, SHOWN_CHARS)}`;
  } catch {
    return '';
  }
}

/** Seconds or a date, as HTTP has it. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function cause(error: unknown): string {
  const inner = (error as { cause?: { code?: string; message?: string } }).cause;
  return inner?.code ?? inner?.message ?? (error as Error).message;
}

function unavailable(endpoint: Endpoint, why: string, fix: string, error?: unknown): MemoryError {
  return new MemoryError(
    'unavailable',
    `The embedding endpoint at ${new URL(endpoint.url).host} ${why}.`,
    fix,
    {
      cause: error,
    },
  );
}

function cancelled(): MemoryError {
  return new MemoryError('cancelled', 'The call was cancelled.', 'Call again if needed.');
}
