import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { MemoryError } from '../../../engine/errors.ts';
import type { Logger } from '../../../engine/ports/logger.ts';
import { BUG, type Problem, problemOf } from '../../http/problem.ts';
import { scopeChallenge } from '../../http/scopeChallenge.ts';
import type { RestEnv } from '../restDeps.ts';
import { RequestRefused } from './requestRefused.ts';

/** The answer to a request that failed, as problem+json. What is a bug is told to the log alone. */
export function answerOf(error: Error, c: Context<RestEnv>, logger: Logger): Response {
  if (error instanceof RequestRefused) {
    const { code, fix, headers, message: title, status } = error;
    return problem({ title, status, code, fix }, headers);
  }
  const known = problemOf(error) ?? (hasLeft(c) ? LEFT : undefined);
  if (!known) logger.error('a REST request failed', { error: String(error.stack ?? error) });
  if (MemoryError.is(error, 'unavailable')) return problem(known ?? BUG, { 'retry-after': '2' });
  return problem(known ?? BUG, scopeChallenge(error, c.get('caller')?.rights));
}

const LEFT: Problem = {
  ...{ title: 'The client left before it had said everything.', status: 499 },
  ...{ code: 'cancelled', fix: 'Nobody reads this.' },
};

function hasLeft({ env }: Context): boolean {
  const { incoming } = (env ?? {}) as { readonly incoming?: IncomingMessage };
  return incoming?.destroyed === true && !incoming.complete;
}

/** @see https://www.rfc-editor.org/rfc/rfc9457 */
export function problem(of: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  // The client is gone: what it is told is no matter, but 499 is none of the Response class.
  const status = of.status === 499 ? 408 : of.status;
  return Response.json(of, { status, headers: { ...headers, 'content-type': 'application/problem+json' } });
}
