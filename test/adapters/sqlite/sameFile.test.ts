import assert from 'node:assert/strict';
import { copyFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const PAGE = { limit: 1000, offset: 0 };
const contents = async (store: Store) =>
  (await store.memories.list({}, PAGE, viewerOf(claude))).memories.map(({ content }) => content).sort();

for (const driver of availableDrivers())
  describe(`a file that was opened by ${driver}`, () => {
    const open = (path: string) =>
      openEmbeddedStore({
        ...{ path, identity, sealer, driver },
        clock: { now: () => Date.now() },
        logger: silent,
      });
    const add = (store: Store, text: string) => store.memories.insert([draft(text)], claude);

    /** Neither written nor read. */
    async function isRefused(store: Store, what: RegExp): Promise<void> {
      const refused = (error: unknown) =>
        MemoryError.is(error, 'unavailable') && what.test(error.message) && /again/.test(error.fix);
      await assert.rejects(add(store, 'into nothing'), refused);
      await assert.rejects(contents(store), refused);
      await assert.rejects(store.work.tasks.counts(undefined), refused);
      await assert.rejects(store.report(), refused);
    }

    it('is not written to once it was deleted', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      await using store = await open(path);
      await add(store, 'one');
      for (const end of ['', '-wal', '-shm']) await rm(path + end);
      await isRefused(store, /deleted or moved/);
      await using next = await open(path);
      await isRefused(store, /replaced/);
      assert.deepEqual(await contents(next), []);
    });

    it('is not written to once another took its place, which is not harmed', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      const copy = join(folder.path, 'copy.db');
      {
        await using store = await open(path);
        await add(store, 'one');
        await store.backup(copy);
        await add(store, 'two');
        for (const end of ['-wal', '-shm']) await rm(path + end);
        await rename(copy, path);
        await using restored = await open(path);
        await add(restored, 'three');
        await isRefused(store, /replaced/);
        assert.deepEqual(await contents(restored), ['one', 'three']);
      }
      await using after = await open(path);
      assert.deepEqual(await contents(after), ['one', 'three']);
      assert.deepEqual((await after.report({ integrity: true })).problems, []);
    });

    it('is not written to once its write-ahead log was deleted', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      {
        await using store = await open(path);
        await using other = await open(path);
        await add(store, 'one');
        await add(other, 'two');
        await rm(`${path}-wal`);
        await isRefused(store, /memory\.db-wal was deleted/);
        await isRefused(other, /memory\.db-wal was deleted/);
      }
      // Whoever closes last has brought it over.
      await using after = await open(path);
      assert.deepEqual(await contents(after), ['one', 'two']);
    });

    it('is its owner’s alone, also where whoever made it got no further', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      await writeFile(path, '', { mode: 0o644 });
      await using store = await open(path);
      await add(store, 'one');
      for (const end of ['', '-wal', '-shm']) assert.equal((await stat(path + end)).mode & 0o777, 0o600);
    });

    it('is used on when it is back in its place', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      const away = join(folder.path, 'away.db');
      await using store = await open(path);
      await add(store, 'one');
      await rename(path, away);
      await isRefused(store, /deleted or moved/);
      await copyFile(away, path);
      await isRefused(store, /replaced/);
      await rename(away, path);
      await add(store, 'two');
      assert.deepEqual(await contents(store), ['one', 'two']);
    });
  });
