import assert from 'node:assert/strict';
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { SqliteCacheStore } from '../../../src/adapters/sqlite/caches/sqliteCacheStore.ts';
import { connect } from '../../../src/adapters/sqlite/connect.ts';
import type { DriverName } from '../../../src/adapters/sqlite/driver.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { cacheStoreContract } from '../../contract/cacheStore.contract.ts';
import { refuses } from '../../contract/records/refuses.ts';
import { openSqliteCache } from '../../fixtures/openCaches.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const HOUR = { ttlMs: 3_600_000 };
const MINUTE_MS = 60_000;

for (const driver of availableDrivers()) {
  cacheStoreContract(`a file on ${driver}`, () => openSqliteCache(driver));

  describe(`the file of a cache on ${driver}`, () => {
    it('holds no more than it may, and lets go what was used longest ago', async () => {
      await using opened = await openSqliteCache(driver, 100_000);
      const { cache } = opened;
      const value = new Uint8Array(10_000);
      await cache.put('models', 'often', value, HOUR);
      for (let i = 0; i < 50; i++) {
        await opened.elapse(MINUTE_MS);
        assert.ok(await cache.get('models', 'often'), `${i}`);
        await cache.put('models', `${i}`, value, HOUR);
        assert.ok((await cache.tallies()).get('models')!.entries <= 11);
      }
      assert.ok(await cache.get('models', '49'));
      assert.equal(await cache.get('models', '0'), undefined);
    });

    it('keeps no row of what is over', async () => {
      await using folder = await temporaryFolder();
      let now = 1_700_000_000_000;
      const path = join(folder.path, 'cache.db');
      await using cache = open(path, driver, () => now);
      for (let i = 0; i < 500; i++)
        await cache.put('models', `${i}`, Uint8Array.of(1), { ...HOUR, tags: ['t'] });
      await cache.append('conversations', 'c', Uint8Array.of(1), HOUR.ttlMs, 10);
      await cache.claim('models', 'claimed', 'me', 1_000, ['t']);
      now += HOUR.ttlMs;
      for (let i = 0; i < 5; i++) await cache.put('models', 'new', Uint8Array.of(1), HOUR);
      const database = await connect(path, driver, 5_000);
      for (const [table, rows] of Object.entries({ entries: 1, items: 0, claims: 0, tags: 0 }))
        assert.equal(database.get(`SELECT count(*) AS n FROM ${table}`)!['n'], rows, table);
      database.close();
    });

    it('is for this user only', async () => {
      await using folder = await temporaryFolder();
      await using cache = open(join(folder.path, 'cache.db'), driver);
      await cache.put('models', 'a', Uint8Array.of(1), HOUR);
      for (const name of await readdir(folder.path))
        assert.equal((await stat(join(folder.path, name))).mode & 0o077, 0, name);
    });

    it('is begun anew where it is damaged, also while it is used', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'cache.db');
      {
        await using cache = open(path, driver);
        for (let i = 0; i < 200; i++) await cache.put('models', `${i}`, new Uint8Array(5_000), HOUR);
      }
      await truncate(path, 50_000);
      await using cache = open(path, driver);
      const works = async () => {
        await cache.put('models', 'a', Uint8Array.of(1), HOUR);
        for (let i = 0; i < 200; i++) await cache.get('models', `${i}`);
        assert.equal(await cache.forget({ pattern: 'a' }), 1);
      };
      await works().catch(() => {});
      await works();
    });

    it('leaves the database of another program alone', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'cache.db');
      const other = await connect(path, driver, 5_000);
      other.driver.exec('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (7)');
      await using cache = open(path, driver);
      await refuses('unavailable', cache.get('models', 'a'));
      assert.equal(other.get('SELECT a FROM theirs')!['a'], 7);
      other.close();
    });
  });
}

function open(path: string, driver: DriverName, now = Date.now): SqliteCacheStore {
  return new SqliteCacheStore({ path, now, maxBytes: 10_000_000, busyDeadlineMs: 5_000, driver });
}
