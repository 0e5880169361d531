import { Hono } from 'hono';
import { CACHES, type CacheName, type CacheOwner } from '../../../engine/caches/cacheNames.ts';
import type { RestDeps, RestEnv, RestPart } from '../restDeps.ts';

/** The services of a development stack that have caches here, each with what only it may forget. */
const FORGETS = {
  retrieval: { path: '/api/v1/cache/search/:pattern', tool: 'invalidate_search_cache', field: 'pattern' },
  worker: { path: '/api/v1/cache/file/:file_hash', tool: 'invalidate_file_cache', field: 'file_hash' },
} as const satisfies Partial<Record<CacheOwner, object>>;

export type CacheService = keyof typeof FORGETS;

/**
 * The cache endpoints of a service, as its stack calls them: `GET /api/v1/cache/stats`, `DELETE /api/v1/cache/clear` of the caches that are its
 * own, and `DELETE /api/v1/cache/search/{pattern}` or `…/file/{file_hash}`.
 */
export function cacheService(service: CacheService): RestPart {
  const { field, path, tool } = FORGETS[service];
  return ({ call }: RestDeps) => {
    const app = new Hono<RestEnv>();
    app.get('/api/v1/cache/stats', async c =>
      c.json((await call('cache_stats', {}, c.get('caller'))).structured),
    );
    app.delete('/api/v1/cache/clear', async c => {
      let forgotten = 0;
      for (const cache of cachesOf(service)) {
        const { structured } = await call('clear_cache', { cache, confirm: true }, c.get('caller'));
        forgotten += structured['forgotten'] as number;
      }
      return c.json({ forgotten });
    });
    app.delete(path, async c => {
      const input = { [field]: c.req.param(field as never) };
      return c.json((await call(tool, input, c.get('caller'))).structured);
    });
    return app;
  };
}

function cachesOf(service: CacheService): readonly CacheName[] {
  const names = Object.keys(CACHES) as CacheName[];
  return names.filter(name => CACHES[name].owner === service);
}
