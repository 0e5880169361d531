import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { setAnswerHeader } from './requests/answerHeader.ts';
import type { RestDeps, RestEnv } from './restDeps.ts';

/** Sees each request through, and names its trace to whoever asked: in the header `traceparent`, and in a problem as `trace_id`. */
export function watchRequest({ watch }: Pick<RestDeps, 'watch'>): MiddlewareHandler<RestEnv> {
  return async (c, next) => {
    if (!watch) return next();
    const { method } = c.req;
    await watch({ method, traceparent: c.req.header('traceparent') }, async ({ traceId, traceparent }) => {
      setAnswerHeader(c, 'traceparent', traceparent);
      await next();
      const { status } = c.res;
      if (status >= 400) await nameTrace(c, traceId);
      // What only middleware has seen matches everything.
      const route = routePath(c, -1);
      return {
        route: route.includes('*') ? 'other' : route,
        status,
        principal: c.get('caller')?.principal.id,
      };
    });
  };
}

async function nameTrace(c: Context, traceId: string): Promise<void> {
  const { headers, status } = c.res;
  if (headers.get('content-type') !== 'application/problem+json') return;
  const problem = { ...((await c.res.json()) as object), trace_id: traceId };
  c.res = undefined;
  c.res = Response.json(problem, { status, headers });
}
