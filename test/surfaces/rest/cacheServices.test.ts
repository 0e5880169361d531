import assert from 'node:assert/strict';
import { loadSettings } from '../../../src/config/loadSettings.ts';
import { type Rights, SCOPES } from '../../../src/engine/model/rights.ts';
import { startCacheServices } from '../../../src/main/startCacheServices.ts';
import type { RestServer } from '../../../src/surfaces/rest/restServer.ts';
import { type RestMemory, type RestMemoryOptions, restMemory } from '../../fixtures/restMemory.ts';

const settingsOf = (overrides: Record<string, unknown>) => loadSettings({ env: {}, folders: [], overrides });

describe('the cache endpoints of retrieval and worker', () => {
  it('have ports of their own, by default 8001 and 8002, once they are switched on', async () => {
    const settings = settingsOf({});
    assert.deepEqual([settings['cache.retrievalPort'], settings['cache.workerPort']], [8001, 8002]);
    await using memory = await restMemory();
    assert.deepEqual(await startCacheServices(memory.deps, settings), []);
  });

  it('tell the statistics of the caches', async () => {
    await using services = await started();
    const { memory, retrieval, worker } = services;
    await memory.engine.caches.put('responses', 'how?', 'so');
    for (const server of [retrieval, worker]) {
      const answer = await fetch(`${server.url}/api/v1/cache/stats`);
      assert.equal(answer.status, 200);
      const { caches } = (await answer.json()) as { caches: Record<string, { entries: number }> };
      assert.equal(caches['responses']!.entries, 1);
    }
  });

  it('clear what is their own service’s', async () => {
    await using services = await started();
    const { caches } = services.memory.engine;
    await caches.put('responses', 'how?', 'so');
    await caches.put('context_bundles', 'prompt', 'text');
    await caches.put('processing_results', 'file', 'result');
    await caches.put('sessions', 'ada', 'text');
    assert.deepEqual(await forget(services.retrieval, 'clear'), { forgotten: 2 });
    assert.equal(await caches.get('processing_results', 'file'), 'result');
    assert.deepEqual(await forget(services.worker, 'clear'), { forgotten: 1 });
    assert.equal(await caches.get('sessions', 'ada'), 'text');
  });

  it('forget answers by a pattern, and what was made of a file by its hash', async () => {
    await using services = await started();
    const { caches } = services.memory.engine;
    for (const question of ['how to deploy', 'how to test', 'why'])
      await caches.put('responses', question, 'so');
    await caches.put('processing_results', 'part', 'text', { tags: ['abc123'] });
    assert.deepEqual(await forget(services.retrieval, `search/${encodeURIComponent('how *')}`), {
      forgotten: 2,
    });
    assert.equal(await caches.get('responses', 'why'), 'so');
    assert.deepEqual(await forget(services.worker, 'file/abc123'), { forgotten: 1 });
  });

  it('leave the other’s to the other, and refuse what they do not have', async () => {
    await using services = await started();
    assert.equal(await status(services.retrieval, 'DELETE', '/api/v1/cache/file/abc'), 404);
    assert.equal(await status(services.worker, 'DELETE', '/api/v1/cache/search/abc'), 404);
    assert.equal(await status(services.worker, 'GET', '/api/v1/cache/clear'), 405);
    assert.equal(await status(services.worker, 'GET', '/v1/memories'), 404);
    assert.equal(await status(services.worker, 'GET', '/v1/health/live'), 200);
  });

  it('are for tokens that run the server, everywhere', async () => {
    const everywhere: Rights = { scopes: ['read', 'write', 'tasks'] };
    for (const rights of [everywhere, { scopes: SCOPES, namespaces: ['shop'] }]) {
      const authenticate = async () => ({ subject: 'token:ci@central', rights });
      await using services = await started({ authenticate });
      const asked = [
        await status(services.worker, 'GET', '/api/v1/cache/stats'),
        await status(services.worker, 'DELETE', '/api/v1/cache/clear'),
        await status(services.worker, 'DELETE', '/api/v1/cache/file/abc'),
        await status(services.retrieval, 'DELETE', '/api/v1/cache/search/abc'),
      ];
      assert.deepEqual(asked, [403, 403, 403, 403]);
    }
  });
});

interface Services extends AsyncDisposable {
  readonly memory: RestMemory;
  readonly retrieval: RestServer;
  readonly worker: RestServer;
}

async function started(options: RestMemoryOptions = {}): Promise<Services> {
  const memory = await restMemory(options);
  const settings = settingsOf({
    ...{ 'cache.endpoints': true, 'cache.retrievalPort': 0, 'cache.workerPort': 0 },
  });
  const [retrieval, worker] = await startCacheServices(memory.deps, settings);
  return {
    ...{ memory, retrieval: retrieval!, worker: worker! },
    async [Symbol.asyncDispose]() {
      await retrieval![Symbol.asyncDispose]();
      await worker![Symbol.asyncDispose]();
      await memory[Symbol.asyncDispose]();
    },
  };
}

async function forget({ url }: RestServer, path: string): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1/cache/${path}`, { method: 'DELETE' });
  assert.equal(answer.status, 200);
  return answer.json();
}

async function status({ url }: RestServer, method: string, path: string): Promise<number> {
  return (await fetch(`${url}${path}`, { method })).status;
}
