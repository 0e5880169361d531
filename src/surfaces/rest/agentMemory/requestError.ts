import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { MemoryError } from '../../../engine/errors.ts';
import type { Logger } from '../../../engine/ports/logger.ts';
import { STATUS } from '../../http/problem.ts';
import { scopeChallenge } from '../../http/scopeChallenge.ts';
import { RequestRefused } from '../requests/requestRefused.ts';
import type { RestEnv } from '../restDeps.ts';

/** One thing that is wrong with a request, as FastAPI words it. */
interface Wrong {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

/** A request that is refused for its form, or with a status of its own. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: 400 | 404 | 422 | 501;
  readonly detail: string | readonly Wrong[];

  constructor(status: RequestError['status'], detail: RequestError['detail']) {
    super(typeof detail === 'string' ? detail : detail.map(({ msg }) => msg).join('; '));
    this.status = status;
    this.detail = detail;
  }
}

/** What the schema reads. Throws with 422 and everything that is wrong. @param where `body` or `query` */
export function readPart<S extends z.ZodType>(
  schema: S,
  value: unknown,
  where: 'body' | 'query',
): z.output<S> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new RequestError(
    422,
    read.error.issues.map(({ code, message, path }) => ({
      type: code === 'custom' ? 'value_error' : code,
      loc: [where, ...path.map(part => (typeof part === 'symbol' ? String(part) : part))],
      msg: message,
    })),
  );
}

export async function readBody<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new RequestError(422, [{ type: 'json_invalid', loc: ['body'], msg: 'JSON decode error' }]);
  }
  return readPart(schema, body, 'body');
}

/** Answers with `{"detail": …}`, as clients of these servers expect. */
export function answerError(error: Error, c: Context<RestEnv>, logger: Logger): Response {
  if (error instanceof RequestError) return c.json({ detail: error.detail }, error.status);
  if (error instanceof RequestRefused) {
    const { fix, headers, message, status } = error;
    return c.json({ detail: `${message} ${fix}` }, status as ContentfulStatusCode, headers);
  }
  if (MemoryError.is(error)) {
    const { code, fix, message } = error;
    // The client is gone: what it is told is no matter, but 499 is none of the Response class.
    const status = code === 'cancelled' ? 408 : (STATUS[code] as ContentfulStatusCode);
    const detail = code === 'not_found' ? message : `${message} ${fix}`;
    return c.json({ detail }, status, scopeChallenge(error, c.get('caller')?.rights));
  }
  logger.error('a request failed', { error: String(error.stack ?? error) });
  return c.json({ detail: 'Internal Server Error' }, 500);
}
