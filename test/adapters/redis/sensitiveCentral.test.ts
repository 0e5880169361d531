import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createSealer } from '../../../src/adapters/encryption/createSealer.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { filesHolding } from '../../fixtures/filesHolding.ts';
import { startLine } from '../../fixtures/line.ts';
import { memoriesOf, openMachine, settled } from '../../fixtures/machine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { textInRedis } from '../../fixtures/textInRedis.ts';

describe('sensitive memories in the central Redis', () => {
  it('leave nothing readable there of what they said before, nor on machines that were away', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await using line = await startLine(redis.port);
    await using one = await openMachine({ path: join(folder.path, 'one.db'), port: redis.port });
    await using two = await openMachine({ path: join(folder.path, 'two.db'), port: line.port });
    await one.memories.insert([draft('the plain saying', { id: 'm' }), draft('other', { id: 'o' })], claude);
    await embed(one, 'm');
    await ids(two);
    await line.cut();
    await one.memories.update('m', { content: 'the second saying', metadata: { of: 'metadata' } }, claude);
    await one.memories.update('m', { sensitive: true }, claude);
    assert.match(await textInRedis(redis.port), /other/);
    assert.doesNotMatch(await textInRedis(redis.port), /saying|"of"/);
    assert.equal(await redis.cli('EXISTS', 'memory:m:vectors'), '0');
    assert.equal((await two.memories.get(['m'], viewerOf(claude)))[0]?.content, 'the plain saying');
    await line.mend();
    await settled(two);
    assert.deepEqual(await memoriesOf(two), await memoriesOf(one));
    assert.equal((await two.memories.versions('m', viewerOf(claude))).length, 2);
    assert.deepEqual(await filesHolding(folder.path, 'saying'), []);
  });

  it('leave nothing readable while the change waits', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await using line = await startLine(redis.port);
    await using one = await openMachine({ path: join(folder.path, 'one.db'), port: line.port });
    await one.memories.insert([draft('the plain saying', { id: 'm' })], claude);
    await line.cut();
    await one.memories.update('m', { content: 'the second saying' }, claude);
    await one.memories.insert([draft('the new saying', { id: 'n' })], claude);
    for (const id of ['m', 'n']) await one.memories.update(id, { sensitive: true }, claude);
    assert.deepEqual(await filesHolding(folder.path, 'saying'), []);
    await line.mend();
    await settled(one);
    assert.doesNotMatch(await textInRedis(redis.port), /saying/);
    assert.deepEqual(await filesHolding(folder.path, 'saying'), []);
    await using two = await openMachine({ path: join(folder.path, 'two.db'), port: redis.port });
    assert.deepEqual(await memoriesOf(two), await memoriesOf(one));
    assert.equal((await two.operations.recent(10, viewerOf(claude))).length, 5);
  });

  it('are as if they were not there on a machine without their key, which goes on, and come with the key', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    const [path, port] = [join(folder.path, 'two.db'), redis.port];
    const noKey = createSealer('', join(folder.path, 'no-key'));
    await using one = await openMachine({ path: join(folder.path, 'one.db'), port });
    {
      await using two = await openMachine({ path, port, key: noKey });
      await one.memories.insert(
        ['m', 'again', 'gone'].map(id => draft(`saying of ${id}`, { id })),
        claude,
      );
      assert.deepEqual(await ids(two), ['again', 'gone', 'm']);
      await one.memories.update('m', { sensitive: true }, claude);
      await one.memories.insert([draft('saying of s', { id: 's', sensitive: true })], claude);
      await one.memories.update('again', { sensitive: true }, claude);
      await one.memories.remove(['gone'], claude);
      assert.deepEqual(await ids(two), []);
      await one.memories.update('m', { content: 'saying, now another' }, claude);
      await one.memories.update('m', { tags: ['tag'] }, claude);
      await one.memories.update('again', { sensitive: false }, claude);
      await one.memories.remove(['s'], claude);
      await two.memories.insert([draft('open as before', { id: 'open' })], claude);
      assert.deepEqual(await ids(two), ['again', 'open']);
      await assert.rejects(two.memories.insert([draft('s', { sensitive: true })], claude), {
        code: 'unavailable',
      });
      assert.match((await two.report()).locked ?? '', /there is none here/);
      assert.equal((await two.report()).central?.problem, undefined);
    }
    assert.deepEqual(await filesHolding(folder.path, 'saying of m'), []);
    await using two = await openMachine({ path, port });
    assert.deepEqual(await ids(two), ['again', 'm', 'open']);
    assert.deepEqual(await memoriesOf(two), await memoriesOf(one));
  });

  it('come to a machine without their key that starts from the memories as they are', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    const [path, port] = [join(folder.path, 'two.db'), redis.port];
    const noKey = createSealer('', join(folder.path, 'no-key'));
    await using one = await openMachine({ path: join(folder.path, 'one.db'), port, keptEntries: 1 });
    await one.memories.insert(
      [draft('saying', { id: 's', sensitive: true }), draft('open', { id: 'o' })],
      claude,
    );
    await one.memories.update('s', { content: 'another saying' }, claude);
    await redis.cli('XTRIM', 'operations', 'MAXLEN', '1');
    {
      await using two = await openMachine({ path, port, key: noKey });
      assert.deepEqual(await ids(two), ['o']);
      assert.match((await two.report()).locked ?? '', /there is none here/);
    }
    await using two = await openMachine({ path, port });
    assert.deepEqual(await memoriesOf(two), await memoriesOf(one));
  });
});

async function ids(machine: Store): Promise<string[]> {
  const { memories } = await machine.memories.list({}, { limit: 100, offset: 0 }, viewerOf(claude));
  return memories.map(({ id }) => id).sort();
}

async function embed(machine: Store, id: string): Promise<void> {
  await machine.embeddings.pending('model', 10);
  const pending = (await machine.embeddings.pending('model', 10)).find(one => one.id === id)!;
  const { contentHash, num } = pending;
  await machine.embeddings.put('model', 2, [{ num, contentHash, vector: new Float32Array([0.6, 0.8]) }]);
}
