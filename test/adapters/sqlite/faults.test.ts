import assert from 'node:assert/strict';
import {
  chmod,
  copyFile,
  mkdir,
  open as openFile,
  readdir,
  readFile,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import type { DriverName } from '../../../src/adapters/sqlite/driver.ts';
import { refuseNetwork } from '../../../src/adapters/sqlite/localFolder.ts';
import { SCHEMA_VERSION } from '../../../src/adapters/sqlite/migrations.ts';
import { availableDrivers, openDriver } from '../../../src/adapters/sqlite/openDriver.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { packageRoot } from '../../../src/main/assets.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { smallDisk } from '../../fixtures/smallDisk.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const PAGE = { limit: 1000, offset: 0 };
const PAGE_BYTES = 4_096;
const NOBODY = 65_534;

for (const driver of availableDrivers()) {
  describe(`the embedded store on ${driver} says what is wrong and harms nothing`, () => {
    const open = (path: string) =>
      openEmbeddedStore({
        path,
        clock: { now: () => Date.now() },
        identity,
        sealer,
        logger: silent,
        driver,
        busyDeadlineMs: 200,
      });

    /** Refused on opening, byte for byte as it was. */
    async function isRefused(path: string, what: RegExp): Promise<void> {
      const before = await readFile(path);
      await assert.rejects(open(path), unavailable(what));
      assert.deepEqual(await readFile(path), before);
    }

    it('a file that is no database, however short', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'notes.txt');
      for (const text of ['x', 'a note\n'.repeat(20), 'a note\n'.repeat(2_000)]) {
        await writeFile(path, text);
        await isRefused(path, /no SQLite database/);
      }
    });

    it('the database of another program', async () => {
      await using folder = await temporaryFolder();
      for (const sql of [
        'CREATE TABLE t (a)',
        'CREATE TABLE t (a); PRAGMA application_id = 7',
        'PRAGMA application_id = 7',
      ]) {
        const path = join(folder.path, `${identity.newId()}.db`);
        await alter(path, driver, sql);
        await isRefused(path, /another program/);
      }
    });

    it('a file of a newer release', async () => {
      await using folder = await temporaryFolder();
      const path = await filled(folder.path, open);
      await alter(path, driver, 'PRAGMA user_version = 999');
      await assert.rejects(open(path), unavailable(/newer release \(schema 999/));
      await alter(path, driver, `PRAGMA user_version = ${SCHEMA_VERSION}`);
      await using store = await open(path);
      assert.equal(await count(store), 200);
    });

    it('a file cut short', async () => {
      await using folder = await temporaryFolder();
      const whole = await filled(folder.path, open);
      const { size } = await stat(whole);
      for (const part of [0.01, 0.3, 0.9]) {
        const path = join(folder.path, `${part}.db`);
        await copyFile(whole, path);
        await truncate(path, Math.floor(size * part));
        await isRefused(path, /is damaged/);
      }
    });

    it('a file with overwritten pages', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      await (await open(path))[Symbol.asyncDispose]();
      const { size: tables } = await stat(path);
      await filled(folder.path, open);
      const file = await openFile(path, 'r+');
      const { size } = await file.stat();
      assert.ok(size > tables + 10 * PAGE_BYTES);
      // Without its tables it would not even be opened.
      for (let at = tables; at < size; at += PAGE_BYTES)
        await file.write(Buffer.alloc(PAGE_BYTES, 0xee), 0, PAGE_BYTES, at);
      await file.close();
      await using store = await open(path);
      await assert.rejects(store.memories.list({}, PAGE, viewerOf(claude)), unavailable(/is damaged/));
      assert.notDeepEqual((await store.report({ integrity: true })).problems, []);
    });

    it('a folder, and a folder that cannot be made', async () => {
      await using folder = await temporaryFolder();
      await assert.rejects(open(folder.path), unavailable(/is a folder/));
      await writeFile(join(folder.path, 'file'), '');
      await assert.rejects(open(join(folder.path, 'file', 'memory.db')), unavailable(/cannot be made/));
    });

    it('a file or folder that may not be written, or not be read', async () => {
      await using folder = await temporaryFolder();
      await chmod(folder.path, 0o755);
      const inside = join(folder.path, 'inside');
      await mkdir(inside);
      const path = await filled(inside, open);
      await chmod(path, 0o444);
      await chmod(inside, 0o555);
      await asOrdinaryUser(async () => {
        await isRefused(path, /is read-only|cannot be opened/);
        await assert.rejects(open(join(inside, 'new.db')), unavailable(/cannot be opened/));
      });
      await chmod(path, 0o000);
      await asOrdinaryUser(() => assert.rejects(open(path), unavailable(/cannot be opened/)));
      await chmod(inside, 0o755);
      await chmod(path, 0o600);
      await using store = await open(path);
      assert.equal(await count(store), 200);
    });

    it('a file that another process keeps locked, without holding up this one', async () => {
      await using folder = await temporaryFolder();
      const path = await filled(folder.path, open);
      const other = await openDriver(path, driver);
      await using store = await open(path);
      other.exec('BEGIN IMMEDIATE');
      let turns = 0;
      const ticking = setInterval(() => {
        turns += 1;
      }, 5);
      await assert.rejects(store.memories.insert([draft('new')], claude), unavailable(/was locked/));
      clearInterval(ticking);
      assert.ok(turns > 5, `${turns} turns of the event loop`);
      assert.equal(await count(store), 200, 'reading goes on');
      const waiting = store.memories.insert([draft('new')], claude);
      setTimeout(() => other.exec('ROLLBACK'), 50);
      await waiting;
      assert.equal(await count(store), 201);
      other.close();
    });

    it('a copy that would replace a file', async () => {
      await using folder = await temporaryFolder();
      const path = await filled(folder.path, open);
      await using store = await open(path);
      const copy = join(folder.path, 'copy.db');
      await store.backup(copy);
      await assert.rejects(store.backup(copy), (error: unknown) => MemoryError.is(error, 'conflict'));
      await assert.rejects(store.backup(join(folder.path, 'none', 'copy.db')), unavailable(/./));
      await using restored = await open(copy);
      assert.equal(await count(restored), 200);
      assert.equal((await stat(copy)).mode & 0o777, 0o600);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
    });

    it('a copy that is not sound', async () => {
      await using folder = await temporaryFolder();
      const path = await filled(folder.path, open);
      await using store = await open(path);
      const other = await openDriver(path, driver);
      // A copy takes rows as they are.
      other.exec('CREATE TABLE broken (n CHECK (n > 0)); PRAGMA ignore_check_constraints = ON');
      other.exec('INSERT INTO broken VALUES (-1)');
      other.close();
      const copy = join(folder.path, 'copy.db');
      await assert.rejects(store.backup(copy), unavailable(/cannot be read: .*broken/));
      assert.equal((await readdir(folder.path)).includes('copy.db'), false);
    });
  });
}

describe('the embedded store', function () {
  this.timeout(60_000);

  it('keeps what it acknowledged before the disk was full, and goes on when there is room', async () => {
    await using disk = await smallDisk();
    const path = join(disk.path, 'memory.db');
    const program = join(packageRoot, 'test', 'fixtures', 'storeFiller.ts');
    const { acknowledged, code } = JSON.parse(
      await disk.run(process.execPath, ['--import', 'tsx', program, path]),
    );
    assert.equal(code, 'unavailable');
    assert.ok(acknowledged.length > 0);
    await disk.free();
    await using store = await openEmbeddedStore({
      path,
      clock: { now: () => Date.now() },
      identity,
      sealer,
      logger: silent,
    });
    assert.deepEqual((await store.report({ integrity: true })).problems, []);
    const kept = await store.memories.get(acknowledged, viewerOf(claude));
    assert.ok(kept.every(memory => memory !== undefined));
    await store.memories.insert([draft('there is room again')], claude);
  });

  it('refuses the folders of other machines', () => {
    assert.throws(() => refuseNetwork('/home/ada', 0x6969), unavailable(/NFS/));
    assert.throws(() => refuseNetwork('/home/ada', 0xff534d42 | 0), unavailable(/CIFS/));
    refuseNetwork('/home/ada', 0xef53);
  });
});

function unavailable(what: RegExp): (error: unknown) => boolean {
  return error => MemoryError.is(error, 'unavailable') && what.test(error.message) && error.fix !== '';
}

async function count(store: Store): Promise<number> {
  return (await store.memories.list({}, PAGE, viewerOf(claude))).total;
}

/** A store of 200 memories, closed. */
async function filled(folder: string, open: (path: string) => Promise<Store>): Promise<string> {
  const path = join(folder, 'memory.db');
  await using store = await open(path);
  await store.memories.insert(
    Array.from({ length: 200 }, (_, i) => draft(`note ${i} ${'x'.repeat(500)}`)),
    claude,
  );
  return path;
}

async function alter(path: string, driver: DriverName, sql: string): Promise<void> {
  const database = await openDriver(path, driver);
  database.exec(sql);
  database.close();
}

/** Root may write everywhere: it takes another user's rights for a moment. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}
