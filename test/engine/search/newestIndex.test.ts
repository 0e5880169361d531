import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createSnapshotFiles } from '../../../src/adapters/files/snapshotFiles.ts';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { createSnowballStemmer } from '../../../src/adapters/text/snowball.ts';
import { createVectorIndexFactory } from '../../../src/adapters/vector/wasmVectorIndex.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { Analyzer } from '../../../src/engine/search/analyze.ts';
import { FreshIndex } from '../../../src/engine/search/freshIndex.ts';
import { builtFile } from '../../../src/main/assets.ts';
import { query } from '../../contract/memoryIndex.contract.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { embedTexts, MODEL, vectorOf } from '../../fixtures/searchIndex.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const NEWEST = 5;

describe('an index of the newest memories', () => {
  it('holds those that changed last and the sensitive ones, with their vectors', async () => {
    await using opened = await open();
    const { index, store } = opened;
    await insert(store, 0, 20);
    await store.memories.insert([draft('sealed word', { id: 'sealed', sensitive: true })], claude);
    await insert(store, 20, 40);
    await store.memories.update('3', { pinned: true }, claude);
    await embedTexts(store);
    assert.deepEqual(await found(index), ['3', '36', '37', '38', '39', 'sealed']);
    assert.deepEqual(index.size, { memories: 6, vectors: 6 });
    const [nearest] = await index.nearTo(vectorOf('word 38'), query('', { limit: 1 }));
    assert.equal(nearest?.id, '38');
  });

  it('follows what changes, and begins anew before it has twice as many', async () => {
    await using opened = await open();
    const { index, store } = opened;
    await insert(store, 0, 20);
    await index.warm();
    for (let i = 20; i < 60; i++) {
      await insert(store, i, i + 1);
      await embedTexts(store);
      const ids = await found(index);
      assert.ok(
        ids.includes(`${i}`) && ids.length >= NEWEST && ids.length <= 2 * NEWEST + 1,
        `${ids.length}`,
      );
      const [nearest] = await index.nearTo(vectorOf(`word ${i}`), query('', { limit: 1 }));
      assert.equal(nearest?.id, `${i}`);
    }
    await store.memories.remove(['59'], claude);
    assert.ok(!(await found(index)).includes('59'));
  });

  it('gives its memory back, and loads it again', async () => {
    await using opened = await open();
    const { index, store } = opened;
    await insert(store, 0, 3);
    await embedTexts(store);
    assert.equal((await found(index)).length, 3);
    await index.unload();
    assert.deepEqual(index.size, { memories: 0, vectors: 0 });
    assert.equal((await found(index)).length, 3);
    assert.deepEqual(index.size, { memories: 3, vectors: 3 });
  });
});

async function insert(store: Store, from: number, to: number): Promise<void> {
  const drafts = Array.from({ length: to - from }, (_, i) =>
    draft(`word ${from + i}`, { id: `${from + i}` }),
  );
  await store.memories.insert(drafts, claude);
}

async function found(index: FreshIndex): Promise<string[]> {
  const hits = await index.search(query('word', { limit: 100 }));
  return hits.map(hit => hit.id).sort();
}

async function open(): Promise<{ readonly store: Store; readonly index: FreshIndex } & AsyncDisposable> {
  const folder = await temporaryFolder();
  const store = await openEmbeddedStore({
    path: join(folder.path, 'memory.db'),
    ...{ clock: { now: Date.now }, identity, sealer, logger: silent },
  });
  const index = new FreshIndex(
    {
      source: store.index,
      snapshots: createSnapshotFiles(join(folder.path, 'snapshots'), sealer, silent),
      vectors: createVectorIndexFactory({ directory: builtFile('') }),
      analyzer: new Analyzer(createSnowballStemmer()),
      ...{ logger: silent, storeId: 'test', newest: NEWEST },
    },
    MODEL,
  );
  return {
    ...{ store, index },
    async [Symbol.asyncDispose]() {
      for (const one of [index, store, folder]) await one[Symbol.asyncDispose]();
    },
  };
}
