import assert from 'node:assert/strict';
import { Hono } from 'hono';
import type { MemoryError } from '../../../src/engine/errors.ts';
import type { Rights } from '../../../src/engine/model/rights.ts';
import { metricsRoutes } from '../../../src/surfaces/rest/metricsRoutes.ts';
import type { RestEnv } from '../../../src/surfaces/rest/restDeps.ts';
import { startRestServer } from '../../../src/surfaces/rest/restServer.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { restMemory } from '../../fixtures/restMemory.ts';

const scrape = async () => ({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' });

async function ask(rights?: Rights): Promise<Response> {
  const app = new Hono<RestEnv>();
  app.use((c, next) => {
    c.set('caller', { ...callerNamed('prometheus'), ...(rights && { rights }) });
    return next();
  });
  app.route('/', metricsRoutes({ scrape }));
  app.onError((error, c) => c.text((error as MemoryError).code, 403));
  return app.request('/metrics');
}

describe('/metrics', () => {
  it('is for whoever may read in all namespaces', async () => {
    for (const rights of [undefined, { scopes: ['read'] }, { scopes: ['read', 'admin'] }] as const) {
      const answer = await ask(rights);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4');
      assert.equal(await answer.text(), 'up 1\n');
    }
  });

  it('answers while the server has more than enough to do', async () => {
    await using memory = await restMemory();
    const { limits } = memory.deps;
    await using server = await startRestServer(
      { ...memory.deps, scrape, limits: { ...limits, inFlight: 0 } },
      0,
    );
    assert.equal((await fetch(`${server.url}/v1/memories`)).status, 429);
    assert.equal((await fetch(`${server.url}/metrics`)).status, 200);
  });

  it('is not for whoever is bound to some, or may not read: it counts what is in all of them', async () => {
    for (const rights of [
      { scopes: ['read', 'admin'], namespaces: ['shop'] },
      { scopes: ['write'] },
      { scopes: [] },
    ] as const)
      assert.equal(await (await ask(rights)).text(), 'forbidden');
  });
});
