import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { identity } from '../../../src/adapters/node/identity.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Sealer } from '../../../src/engine/ports/sealer.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { embedAll } from '../../fixtures/embedAll.ts';
import { silent } from '../../fixtures/logger.ts';
import { node24 } from '../../fixtures/node24.ts';
import { otherSealer, sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const PAGE = { limit: 10, offset: 0 };
const viewer = viewerOf(claude);
const vector = new Float32Array([0.123, 0.456, 0.789]);

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

  describe(`a store whose key is not at hand, on ${driver}`, () => {
    it('shows of a memory that is open again what it says now, and not what it said while it was sensitive', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      {
        await using store = await open(path);
        await store.memories.insert([draft('secret', { id: 'm', sensitive: true })], claude);
        await embedAll(store, vector);
        await store.memories.update('m', { sensitive: false }, claude);
        await store.memories.update('m', { pinned: true }, claude);
        assert.equal((await store.memories.versions('m', viewer)).length, 2);
      }
      await using store = await open(path, otherSealer);
      const { memories } = await store.memories.list({}, PAGE, viewer);
      assert.deepEqual(
        memories.map(one => one.content),
        ['secret'],
      );
      assert.deepEqual(
        (await store.memories.versions('m', viewer)).map(one => one.version),
        [2],
      );
      assert.deepEqual(
        (await store.operations.recent(10, viewer)).map(one => one.patch),
        [{ pinned: true }, { sensitive: false }],
      );
      assert.deepEqual((await store.index.vectorsAfter('m', 0, 10)).records[0]?.vector, vector);
    });

    it('goes on as before when another process stores the first sensitive memory under another key', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      await using early = await open(path, otherSealer);
      await early.memories.insert([draft('open', { id: 'o' })], claude);
      assert.equal((await early.report()).locked, undefined);
      await using store = await open(path);
      await store.memories.insert([draft('secret', { id: 's', sensitive: true })], claude);
      const { memories } = await early.memories.list({}, PAGE, viewer);
      assert.deepEqual(
        memories.map(one => one.id),
        ['o'],
      );
      assert.equal((await early.index.changesAfter(0, 10)).records.length, 1);
      assert.equal((await early.embeddings.pending('m', 10)).length, 1);
      assert.equal((await early.index.heads('m')).whole, false);
      assert.match((await early.report()).locked!, new RegExp(sealer.keyId()!));
      await assert.rejects(early.memories.insert([draft('another', { sensitive: true })], claude), error =>
        MemoryError.is(error, 'unavailable'),
      );
    });

    it('takes out of an index what became sensitive meanwhile', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      await using store = await open(path);
      await store.memories.insert(
        [draft('secret', { sensitive: true }), draft('later', { id: 'l' })],
        claude,
      );
      await embedAll(store, vector);
      await using locked = await open(path, otherSealer);
      const { cursor, records } = await locked.index.changesAfter(0, 10);
      assert.deepEqual(
        records.map(one => one.id),
        ['l'],
      );
      await store.memories.update('l', { sensitive: true }, claude);
      const [record] = (await locked.index.changesAfter(cursor, 10)).records;
      assert.deepEqual([record?.id, record?.deleted, record?.content], ['l', true, '']);
      assert.deepEqual(await locked.index.vectors('m', [record!.num]), new Float32Array(vector.length));
    });

    it('may get the content of a sensitive memory once more; neither is stuck when the key is back', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      {
        await using store = await open(path);
        await store.memories.insert([draft('same', { id: 's', sensitive: true })], claude);
      }
      {
        await using store = await open(path, otherSealer);
        await store.memories.insert([draft('same', { id: 'o' })], claude);
      }
      await using store = await open(path);
      await store.memories.update('s', { tags: ['tagged'] }, claude);
      await store.memories.update('o', { tags: ['tagged'], expiresAt: 5 }, claude);
      const [again] = await store.memories.insert([draft('same', { sensitive: true })], claude);
      assert.deepEqual([again?.duplicate, again?.memory.id], [true, 's']);
      await assert.rejects(store.memories.update('s', { sensitive: false }, claude), error =>
        MemoryError.is(error, 'conflict'),
      );
      assert.equal(await store.memories.expire(10, 10), 1);
      const { memory } = await store.memories.update('s', { sensitive: false }, claude);
      assert.equal(memory.content, 'same');
    });

    it('expires and forgets what it cannot decrypt, were it damaged', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      {
        await using store = await open(path);
        const drafts = ['over', 'damaged', 'open'].map(id =>
          draft(id, { id, sensitive: id !== 'open', ...(id === 'over' && { expiresAt: 5 }) }),
        );
        await store.memories.insert(drafts, claude);
      }
      const damage = `new (require('node:sqlite').DatabaseSync)(process.argv[1])
        .exec("UPDATE memories SET content = 'AAAA' || substr(content, 5) WHERE id = 'damaged'")`;
      await promisify(execFile)(await node24(), ['--no-warnings', '-e', damage, path]);
      {
        await using locked = await open(path, otherSealer);
        assert.equal(await locked.memories.expire(10, 10), 1);
      }
      await using store = await open(path);
      await assert.rejects(
        store.memories.get(['damaged'], viewer),
        error => MemoryError.is(error, 'unavailable') && /forget/.test(error.fix),
      );
      const { log } = await store.index.heads('m');
      assert.equal((await store.memories.remove(['damaged'], claude)).length, 1);
      assert.equal((await store.index.changesAfter(log, 10)).records[0]?.deleted, true);
      const { memories } = await store.memories.list({}, PAGE, viewer);
      assert.deepEqual(
        memories.map(one => one.id),
        ['open'],
      );
    });
  });
}
