import { Hono } from 'hono';
import type { RestDeps, RestEnv } from './restDeps.ts';

/** `/v1/health`, and its two probes: `live` while the process answers, `ready` while the store does. Anybody may ask, so it names no addresses: those are in `status`. */
export function healthRoutes({ engine, version }: RestDeps): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  app.get('/v1/health/live', c => c.json({ status: 'ok' }));
  app.get('/v1/health/ready', async c => {
    await (await engine()).status();
    return c.json({ status: 'ok' });
  });
  app.get('/v1/health', async c => {
    const { mode, store } = await (await engine()).status();
    return c.json({
      ...{ status: 'ok', now: Date.now(), version, recall: mode },
      store: { driver: store.driver, ...(store.central && { central: !store.central.problem }) },
    });
  });
  return app;
}
