import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createSealer } from '../../../src/adapters/encryption/createSealer.ts';
import { identity } from '../../../src/adapters/node/identity.ts';
import { availableDrivers, openDriver } from '../../../src/adapters/sqlite/openDriver.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Sealer } from '../../../src/engine/ports/sealer.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { embedAll } from '../../fixtures/embedAll.ts';
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
      busyDeadlineMs: 500,
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
      await embedAll(store, vector);
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
      await embedAll(store, vector);
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
        await embedAll(store, vector);
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

    it('leave nothing behind once a reader has gone that would not let go of the log', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      await using store = await open(path);
      await store.memories.insert([draft('hidden-marker', { id: 'm' })], claude);
      const reader = await openDriver(path, driver);
      try {
        reader.exec('BEGIN');
        reader.prepare('SELECT count(*) FROM memories').get([]);
        await store.memories.update('m', { sensitive: true }, claude);
        assert.notDeepEqual(await filesHolding(folder.path, 'hidden-marker'), []);
        reader.exec('ROLLBACK');
        await store.memories.insert([draft('open')], claude);
        assert.deepEqual(await filesHolding(folder.path, 'hidden-marker'), []);
      } finally {
        reader.close();
      }
    });

    it('keep what they said before to themselves when they are open again, outdated vectors too', async () => {
      await using folder = await temporaryFolder();
      await using store = await open(join(folder.path, 'memory.db'));
      await store.memories.insert([draft('hidden-marker', { id: 'm', sensitive: true })], claude);
      await embedAll(store, vector);
      await store.memories.update('m', { content: 'harmless' }, claude);
      await store.memories.update('m', { sensitive: false }, claude);
      assert.deepEqual(await filesHolding(folder.path, 'hidden-marker'), []);
      assert.deepEqual(await filesHolding(folder.path, vectorBytes), []);
      assert.equal((await store.memories.versions('m', viewer))[0]?.memory.content, 'hidden-marker');
      await embedAll(store, vector);
      assert.notDeepEqual(await filesHolding(folder.path, vectorBytes), []);
      assert.equal((await store.index.vectorsAfter('m', 0, 10)).records.length, 1);
    });

    it('are encrypted where the same text was open and has expired', async () => {
      await using folder = await temporaryFolder();
      await using store = await open(join(folder.path, 'memory.db'));
      await store.memories.insert([draft('hidden-marker', { expiresAt: 5 })], claude);
      const [outcome] = await store.memories.insert([draft('hidden-marker', { sensitive: true })], claude);
      assert.equal(outcome?.duplicate, false);
      assert.deepEqual(await filesHolding(folder.path, 'hidden-marker'), []);
    });

    it('bring the versions of an export along, whatever these call themselves', async () => {
      await using folder = await temporaryFolder();
      await using store = await open(join(folder.path, 'memory.db'));
      const state = {
        owner: claude.principal.id,
        createdAt: 1,
        updatedAt: 1,
        accessedAt: 1,
        accessCount: 0,
        version: 1,
      };
      const memory = { ...draft('hidden-marker', { id: 'another' }), ...state };
      const versions = [{ version: 1, memory, replacedBy: 'somebody', replacedAt: 2 }];
      await store.memories.insert(
        [draft('now', { id: 'm', sensitive: true, restored: { ...state, version: 2, versions } })],
        claude,
      );
      assert.deepEqual(await filesHolding(folder.path, 'hidden-marker'), []);
      const [before] = await store.memories.versions('m', viewer);
      assert.equal(before?.memory.content, 'hidden-marker');
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
