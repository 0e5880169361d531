import assert from 'node:assert/strict';
import { identity } from '../../src/adapters/node/identity.ts';
import { settings } from '../../src/config/settings.ts';
import { viewerOf } from '../../src/engine/model/caller.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { openStore } from '../../src/main/openStore.ts';
import { claude } from '../fixtures/callers.ts';
import { draft } from '../fixtures/drafts.ts';
import { silent } from '../fixtures/logger.ts';
import { startRedis } from '../fixtures/redis.ts';
import { sealer } from '../fixtures/sealer.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

describe('what waits in a replica of another address', () => {
  it('is brought to the same memory, and to no other', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await using another = await startRedis();
    const open = (host: string, port: number) => openAt(folder.path, `redis://${host}:${port}`);
    {
      await using number = await open('127.0.0.1', redis.port);
      await store(number, 'known');
      await redis.kill();
      await store(number, 'waits');
    }
    {
      await using other = await open('127.0.0.1', another.port);
      await store(other, 'of another');
      assert.deepEqual(await contents(other), ['of another']);
    }
    await redis.restart();
    await using name = await open('localhost', redis.port);
    await until(async () => (await contents(name)).length === 2);
    assert.deepEqual(await contents(name), ['known', 'waits']);
    await using other = await open('127.0.0.1', another.port);
    await store(other, 'last');
    assert.deepEqual(await contents(other), ['last', 'of another']);
  });
});

function openAt(folder: string, url: string): Promise<Store> {
  const parsed = settings.parse({ 'redis.url': url });
  const clock = { now: () => Date.now() };
  return openStore(parsed, folder, `${folder}/memory.db`, { clock, identity, sealer, logger: silent });
}

async function store(on: Store, content: string): Promise<void> {
  await on.memories.insert([draft(content)], claude);
}

async function contents(of: Store): Promise<string[]> {
  const { memories } = await of.memories.list({}, { limit: 10, offset: 0 }, viewerOf(claude));
  return memories.map(({ content }) => content).sort();
}
