import assert from 'node:assert/strict';
import { join } from 'node:path';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { openMachine } from '../../fixtures/machine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const viewer = viewerOf(claude);

describe('a large change of the central memory', () => {
  it('of thousands of memories is one', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await using one = await openMachine({ path: join(folder.path, 'one.db'), port: redis.port });
    await using two = await openMachine({ path: join(folder.path, 'two.db'), port: redis.port });
    const drafts = Array.from({ length: 2_500 }, (_, i) => draft(`note ${i}`));
    await one.memories.insert(drafts, claude);
    assert.equal((await one.report()).central?.waiting, 0);
    assert.equal((await two.memories.list({}, { limit: 1, offset: 0 }, viewer)).total, 2_500);
  });

  it('of a memory with thousands of versions is whole', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    const port = redis.port;
    await using one = await openMachine({ path: join(folder.path, 'one.db'), port, keptEntries: 1 });
    const [stored] = await one.memories.insert([draft('another', { id: 'm' })], claude);
    const versions = Array.from({ length: 2_500 }, (_, i) => ({
      version: i + 1,
      memory: { ...stored!.memory, id: 'n', version: i + 1, content: `version ${i}` },
      replacedBy: `operation ${i}`,
      replacedAt: i,
    }));
    const restored = { owner: claude.principal.id, updatedAt: 1, accessedAt: 1, accessCount: 0 };
    await one.memories.insert(
      [draft('new', { id: 'n', restored: { ...restored, version: 2_501, versions } })],
      claude,
    );
    await redis.cli('XTRIM', 'operations', 'MAXLEN', '0');
    // It starts from the memories as they are.
    await using two = await openMachine({ path: join(folder.path, 'two.db'), port });
    assert.deepEqual(await two.memories.versions('n', viewer), await one.memories.versions('n', viewer));
    assert.equal((await two.memories.versions('n', viewer)).length, 2_500);
  });
});
