import type { Settings } from '../config/settings.ts';
import { cacheService } from '../surfaces/rest/cacheServices/cacheService.ts';
import { healthRoutes } from '../surfaces/rest/healthRoutes.ts';
import type { RestDeps } from '../surfaces/rest/restDeps.ts';
import { type RestServer, startRestServer } from '../surfaces/rest/restServer.ts';

/** The cache endpoints of retrieval and worker, each on its own port; none where the settings leave them off. */
export async function startCacheServices(deps: RestDeps, settings: Settings): Promise<readonly RestServer[]> {
  if (!settings['cache.endpoints']) return [];
  const start = (service: 'retrieval' | 'worker', port: number, portName: string) =>
    startRestServer(deps, port, undefined, { parts: [healthRoutes, cacheService(service)], portName });
  const retrieval = await start('retrieval', settings['cache.retrievalPort'], 'CACHE_RETRIEVAL_PORT');
  try {
    return [retrieval, await start('worker', settings['cache.workerPort'], 'CACHE_WORKER_PORT')];
  } catch (error) {
    await retrieval[Symbol.asyncDispose]();
    throw error;
  }
}
