import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { RestDeps, RestEnv } from './restDeps.ts';

/** Sees each request through, and names its trace to whoever asked: in the header `traceparent`, and in a problem as `trace_id`. */
export function watchRequest({ watch }: Pick<RestDeps, 'watch'>): MiddlewareHandler<RestEnv> {
  return async (c, next) => {
    if (!watch) return next();
    const { method } = c.req;
    await watch({ method, traceparent: c.req.header('traceparent') }, async ({ traceId, traceparent }) => {
      await next();
      const { headers, status } = c.res;
      if (headers.get('content-type') === 'application/problem+json') {
        const problem = { ...((await c.res.json()) as object), trace_id: traceId };
        c.res = undefined;
        c.res = Response.json(problem, { status, headers });
      }
      c.res.headers.set('traceparent', traceparent);
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
