import { Hono } from 'hono';
import type { RestEnv } from '../restDeps.ts';
import { RequestError } from './requestError.ts';

const NO_MODEL =
  'Summary views are written by a language model, and this server has none. Search the memories, and let the client summarise them.';

/** What these servers leave to a language model: there is none here, so there is no view. Tasks of views would be found among REST's own. */
export function modelOnlyRoutes(): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  const unknownView = (id: string) => new RequestError(404, `SummaryView ${id} not found`);
  app.get('/v1/summary-views', c => c.json([]));
  app.post('/v1/summary-views', () => {
    throw new RequestError(501, NO_MODEL);
  });
  app.get('/v1/summary-views/:id', c => {
    throw unknownView(c.req.param('id'));
  });
  app.delete('/v1/summary-views/:id', c => c.json({ status: 'ok' }));
  app.get('/v1/summary-views/:id/partitions', c => {
    throw unknownView(c.req.param('id'));
  });
  for (const path of ['/v1/summary-views/:id/partitions/run', '/v1/summary-views/:id/run'] as const)
    app.post(path, c => {
      throw unknownView(c.req.param('id'));
    });
  return app;
}
