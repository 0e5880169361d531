import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { startLine } from '../../fixtures/line.ts';
import { openMachine, settled } from '../../fixtures/machine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const MODEL = 'model';

describe('machines that share vectors', () => {
  it('compute each once: what one has, another takes over, if the text is still the same', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await using one = await openMachine({ path: join(folder.path, 'one.db'), port: redis.port });
    await using two = await openMachine({ path: join(folder.path, 'two.db'), port: redis.port });
    await one.memories.insert(
      ['a', 'b', 'c', 'd'].map(id => draft(`text ${id}`, { id, sensitive: id === 'd' })),
      claude,
    );
    await embed(one, ['a', 'b', 'd'], [0.6, 0.8]);
    await two.memories.update('b', { content: 'another text' }, claude);
    assert.deepEqual(await waiting(two), ['b', 'c', 'd']);
    const { records } = await two.index.vectorsAfter(MODEL, 0, 10);
    assert.deepEqual(
      records.map(({ vector }) => vector),
      [new Float32Array([0.6, 0.8])],
    );
    await embed(two, ['b', 'c', 'd'], [0.8, 0.6]);
    assert.deepEqual(await waiting(one), []);
    assert.equal((await one.index.vectorsAfter(MODEL, 0, 10)).records.length, 4);
  });

  it('compute for themselves while they are away', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await using line = await startLine(redis.port);
    await using laptop = await openMachine({ path: join(folder.path, 'a.db'), port: line.port });
    await line.cut();
    await laptop.memories.insert([draft('text', { id: 'a' })], claude);
    await embed(laptop, ['a'], [0.6, 0.8]);
    assert.deepEqual(await waiting(laptop), []);
    await line.mend();
    await settled(laptop);
  });

  it('mind neither damage nor another length', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await using one = await openMachine({ path: join(folder.path, 'one.db'), port: redis.port });
    await one.memories.insert([draft('text', { id: 'a' }), draft('other', { id: 'b' })], claude);
    await embed(one, ['b'], [0.6, 0.8]);
    await using two = await openMachine({ path: join(folder.path, 'two.db'), port: redis.port });
    await redis.cli('HSET', 'memory:b:vectors', MODEL, 'short');
    assert.deepEqual(await waiting(two), ['a', 'b']);
    await redis.cli('DEL', 'memory:b:vectors');
    await redis.cli('SET', 'memory:b:vectors', 'of another type');
    assert.deepEqual(await waiting(two), ['a', 'b']);
  });
});

async function waiting(machine: Store): Promise<string[]> {
  return (await machine.embeddings.pending(MODEL, 10)).map(({ id }) => id).sort();
}

async function embed(machine: Store, ids: readonly string[], values: readonly number[]): Promise<void> {
  const pending = await machine.embeddings.pending(MODEL, 10);
  await machine.embeddings.put(
    MODEL,
    values.length,
    pending
      .filter(({ id }) => ids.includes(id))
      .map(({ num, contentHash }) => ({ num, contentHash, vector: new Float32Array(values) })),
  );
}
