import { Hono } from 'hono';
import { demandEverywhere, demandScope } from '../../engine/model/rights.ts';
import type { RestDeps, RestEnv } from './restDeps.ts';

/** `/metrics`, as Prometheus reads it. It counts what is in all namespaces, so it is not for whoever is bound to some. */
export function metricsRoutes({ scrape }: Pick<RestDeps, 'scrape'>): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  if (scrape)
    app.get('/metrics', async c => {
      demandScope(c.get('caller'), 'read');
      demandEverywhere(c.get('caller'), '/metrics');
      const { contentType, text } = await scrape();
      return c.body(text, 200, { 'content-type': contentType });
    });
  return app;
}
