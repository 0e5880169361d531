import assert from 'node:assert/strict';
import { join } from 'node:path';
import { expireAll } from '../../../src/engine/memories/expireAll.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { never } from '../../fixtures/engine.ts';
import { openMachine, settled } from '../../fixtures/machine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const HOUR_MS = 3_600_000;

describe('a machine whose clock is a day ahead', () => {
  it('removes only what is over by the clock of Redis, and nothing while that is away', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    const { port } = redis;
    const now = () => Date.now() + 24 * HOUR_MS;
    await using right = await openMachine({ path: join(folder.path, 'right.db'), port });
    await using ahead = await openMachine({
      path: join(folder.path, 'ahead.db'),
      port,
      now,
      deadlineMs: 500,
    });
    const drafts = [
      draft('lasts', { id: 'lasts', expiresAt: Date.now() + HOUR_MS }),
      draft('is over', { id: 'over', expiresAt: Date.now() - 1 }),
    ];
    await right.memories.insert(drafts, claude);
    assert.equal(await expireAll(ahead, { now }, never), 1);
    const shown = async () =>
      (await right.memories.get(['lasts', 'over'], viewerOf(claude))).map(memory => memory?.content);
    assert.deepEqual(await shown(), ['lasts', undefined]);
    await redis.kill();
    assert.equal(await expireAll(ahead, { now }, never), 0);
    await redis.restart();
    // What had waited would come now.
    await settled(ahead);
    await settled(right);
    assert.deepEqual(await shown(), ['lasts', undefined]);
  });
});
