import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createSealer } from '../../../src/adapters/encryption/createSealer.ts';
import { identity } from '../../../src/adapters/node/identity.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Sealer } from '../../../src/engine/ports/sealer.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { filesHolding } from '../../fixtures/filesHolding.ts';
import { silent } from '../../fixtures/logger.ts';
import { otherSealer, sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const viewer = viewerOf(claude);
const vector = new Float32Array([0.123, 0.456, 0.789]);
const vectorBytes = new Uint8Array(vector.buffer);

for (const driver of availableDrivers()) {
  const open = (path: string, key: Sealer = sealer) =>
    openEmbeddedStore({
      path,
      clock: { now: () => Date.now() },
      identity,
      sealer: key,
      logger: silent,
      driver,
    });

  describe(`sensitive memories in a file on ${driver}`, () => {
    it('are nowhere to be read, from the first byte', async () => {
      await using folder = await temporaryFolder();
      await using store = await open(join(folder.path, 'memory.db'));
      const door = { door: 'cellar-door' };
      await store.memories.insert(
        [draft('hidden-marker', { id: 'm', sensitive: true, metadata: door })],
        claude,
      );
      await store.memories.update('m', { content: 'hidden-again' }, claude);
      await embed(store);
      assert.equal((await store.index.vectorsAfter('m', 0, 10)).records.length, 1);
      assert.deepEqual(await filesHolding(folder.path, vectorBytes), []);
      await store.memories.insert([draft('open-marker')], claude);
      await store.backup(join(folder.path, 'copy.db'));
      assert.ok((await filesHolding(folder.path, 'open-marker')).includes('copy.db'));
      for (const text of ['hidden-marker', 'hidden-again', 'cellar-door', identity.sha256('hidden-again')]) {
        assert.deepEqual(await filesHolding(folder.path, text), [], text);
      }
    });

    it('that were open before leave nothing behind', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      await using store = await open(path);
      // Long enough for pages of its own.
      const long = `hidden-marker ${'x'.repeat(20_000)} hidden-end`;
      await store.memories.insert(
        [draft('first-marker', { id: 'm', metadata: { door: 'cellar-door' } })],
        claude,
      );
      await store.memories.update('m', { content: long }, claude);
      await embed(store);
      assert.notDeepEqual(await filesHolding(folder.path, 'hidden-marker'), []);
      assert.notDeepEqual(await filesHolding(folder.path, vectorBytes), []);
      await store.memories.update('m', { sensitive: true }, claude);
      for (const text of [
        'first-marker',
        'hidden-marker',
        'hidden-end',
        'cellar-door',
        identity.sha256(long),
      ]) {
        assert.deepEqual(await filesHolding(folder.path, text), [], text);
      }
      assert.deepEqual(await filesHolding(folder.path, vectorBytes), []);
      const contents = (await store.memories.versions('m', viewer)).map(one => one.memory.content);
      assert.deepEqual(
        contents.map(text => text.length),
        ['first-marker'.length, long.length],
      );
      assert.deepEqual((await store.index.vectorsAfter('m', 0, 10)).records[0]?.vector, vector);
      assert.deepEqual((await store.report({ integrity: true })).problems, []);
    });

    it('are not there without their key, and come back with it', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      {
        await using store = await open(path);
        await store.memories.insert(
          [draft('open', { id: 'o' }), draft('secret', { id: 's', sensitive: true })],
          claude,
        );
        await embed(store);
      }
      for (const key of [otherSealer, createSealer('', join(folder.path, 'lost-key'))]) {
        await using store = await open(path, key);
        const { memories, total } = await store.memories.list({}, { limit: 10, offset: 0 }, viewer);
        assert.deepEqual([memories.map(one => one.id), total], [['o'], 1]);
        assert.equal((await store.memories.counts({}, viewer)).total, 1);
        assert.deepEqual(await store.memories.get(['s'], viewer), [undefined]);
        const operations = await store.operations.recent(10, viewer);
        assert.ok(operations.length > 0 && operations.every(one => one.memoryId !== 's'));
        assert.deepEqual(
          (await store.index.changesAfter(0, 10)).records.map(one => one.id),
          ['o'],
        );
        assert.equal((await store.index.vectorsAfter('m', 0, 10)).records.length, 1);
        assert.equal((await store.index.heads('m')).whole, false);
        const { locked } = await store.report();
        assert.match(locked!, new RegExp(`${sealer.keyId()}.*(${otherSealer.keyId()}|none here)`));
        await assert.rejects(
          store.memories.insert([draft('another', { sensitive: true })], claude),
          error => MemoryError.is(error, 'unavailable') && /Nothing was stored/.test(error.message),
        );
        await store.memories.insert([draft(`more ${key.keyId()}`, { id: 'more' })], claude);
        await store.memories.remove(['more'], claude);
      }
      await using store = await open(path);
      assert.equal((await store.memories.get(['s'], viewer))[0]?.content, 'secret');
      assert.equal((await store.report()).locked, undefined);
    });

    it('expire and are forgotten as any other', async () => {
      await using folder = await temporaryFolder();
      await using store = await open(join(folder.path, 'memory.db'));
      await store.memories.insert([draft('over', { id: 'm', sensitive: true, expiresAt: 5 })], claude);
      assert.equal(await store.memories.expire(10, 10), 1);
      assert.deepEqual(await store.memories.get(['m'], viewer), [undefined]);
    });
  });
}

/** Gives every memory that waits for one the same vector. */
async function embed(store: Store): Promise<void> {
  const pending = await store.embeddings.pending('m', 10);
  await store.embeddings.put(
    'm',
    vector.length,
    pending.map(({ num, contentHash }) => ({ num, contentHash, vector })),
  );
}
