import { type Context, Hono } from 'hono';
import { MemoryError } from '../../engine/errors.ts';
import { findTool, toolsFor } from '../../tools/registry.ts';
import { idempotent } from './requests/idempotency.ts';
import { readBody } from './requests/readBody.ts';
import type { RestDeps, RestEnv } from './restDeps.ts';

/** `POST /v1/tools/{name}`: every operation that programs are offered, as it is defined. */
export function toolRoutes(deps: RestDeps): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  const offered = new Set(toolsFor('rest').map(tool => tool.name));
  const toolOf = (c: Context<RestEnv>) => findTool(c.req.param('name') ?? '');
  const answers = async (c: Context<RestEnv>) => {
    const name = c.req.param('name') ?? '';
    if (!offered.has(name))
      throw new MemoryError(
        'not_found',
        `There is no tool "${name.slice(0, 100)}".`,
        'GET /openapi.json lists them.',
      );
    const answer = await deps.call(name, await readBody(c), c.get('caller'), c.get('signals'));
    return c.json(answer.structured as Record<string, unknown>);
  };
  app.post('/v1/tools/:name', idempotent(deps, toolOf, answers));
  return app;
}
