import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { Caller } from '../../../engine/model/caller.ts';
import type { Tool } from '../../../tools/defineTool.ts';
import type { Problem } from '../../http/problem.ts';
import type { RestDeps, RestEnv } from '../restDeps.ts';
import { answerOf, problem } from './answerOf.ts';
import { RequestRefused } from './requestRefused.ts';

const KEPT_MS = 24 * 60 * 60 * 1000;
const MOST_KEY_CHARS = 255;
/** Of an answer's body. */
const MOST_KEPT_BYTES = 2 ** 20;
const CHANGING = ['POST', 'PATCH', 'PUT', 'DELETE'];
/** What the sender may find otherwise the next time. */
const TRANSIENT = [408, 425, 429];
/** Of an answer. */
const KEPT_HEADERS = ['content-type', 'etag', 'location', 'link'];

/** What is told instead of an answer that is not kept. */
const tooLong: Problem = {
  ...{ title: 'It was done when it was sent first; its answer was too long to be kept.', status: 409 },
  ...{ code: 'conflict', fix: 'Read what is there now; send what is new with a key of its own.' },
};

/** An answer as it is kept. */
interface Kept {
  /** Of the request that it answers. */
  readonly request: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers a request; rejects with why it does not. */
export type Answers = (c: Context<RestEnv>) => Promise<Response>;

/**
 * `Idempotency-Key`: a change is made once, however often and to whichever instance it is sent within 24 hours; each is given the same
 * answer. Another request under the same key is refused with 422, and one whose answer may not be kept with 400.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function idempotent(
  deps: Pick<RestDeps, 'engine' | 'logger'>,
  toolOf: (c: Context<RestEnv>) => Tool | undefined,
  answers: Answers,
): Answers {
  return async c => {
    const header = c.req.header('idempotency-key');
    if (header === undefined || !CHANGING.includes(c.req.method)) return answers(c);
    const tool = toolOf(c);
    if (tool?.answersSecret) throw secretAnswer();
    // To read twice does no harm, and who may only read is not to fill a store with answers.
    if (!tool || tool.effect === 'reads' || onlyReads(c.get('caller'))) return answers(c);
    const request = await fingerprintOf(c);
    const { caches } = await deps.engine();
    let mine: Response | undefined;
    const kept = await caches.once<Kept>({
      key: hash([
        c.get('caller').principal.id,
        JSON.stringify(c.get('caller').rights ?? null),
        keyOf(header),
      ]),
      keepMs: KEPT_MS,
      repeatable: tool.idempotent === true,
      signal: c.get('signals').signal,
      async work() {
        // Also where its time is over meanwhile: whoever sends it again is told what came of it.
        mine = await answers(c).catch(error => answerOf(error, c, deps.logger));
        return keep(mine, request);
      },
      keeps: ({ status }) => status < 500 && !TRANSIENT.includes(status),
    });
    if (kept.request !== request) throw otherRequest();
    if (mine) return mine;
    return new Response(kept.body, {
      status: kept.status,
      headers: { ...kept.headers, 'idempotency-replayed': 'true' },
    });
  };
}

/** A string of RFC 8941, as the draft has it, or plain as most send it. */
function keyOf(header: string): string {
  const key = /^"([\x20-\x7e]*)"$/.exec(header.trim())?.[1] ?? header.trim();
  if (key !== '' && key.length <= MOST_KEY_CHARS) return key;
  throw new RequestRefused(
    400,
    'invalid_input',
    `An Idempotency-Key has 1 to ${MOST_KEY_CHARS} characters. Nothing was done.`,
    'Send a UUID of your own for each change.',
  );
}

async function fingerprintOf(c: Context): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const body = Buffer.from(await c.req.arrayBuffer()).toString('base64');
  return hash([c.req.method, pathname + search, c.req.header('if-match') ?? '', body]);
}

function onlyReads({ rights }: Caller): boolean {
  return rights?.scopes.every(scope => scope === 'read') ?? false;
}

async function keep(answer: Response, request: string): Promise<Kept> {
  const headers = KEPT_HEADERS.flatMap(name => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  const body = await answer.clone().text();
  // What was done is not done again because its answer cannot be told again.
  if (Buffer.byteLength(body) > MOST_KEPT_BYTES) return keep(problem(tooLong), request);
  return { request, status: answer.status, headers: Object.fromEntries(headers), body };
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function secretAnswer(): RequestRefused {
  return new RequestRefused(
    400,
    'invalid_input',
    'The answer holds a secret, which is kept nowhere, not even for an Idempotency-Key. Nothing was done.',
    'Send it without that header.',
  );
}

function otherRequest(): RequestRefused {
  return new RequestRefused(
    422,
    'conflict',
    'Another request was sent with this Idempotency-Key. Nothing was done.',
    'Send each change with a key of its own.',
  );
}
