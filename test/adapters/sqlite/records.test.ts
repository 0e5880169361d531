import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { connect } from '../../../src/adapters/sqlite/connect.ts';
import { migrate } from '../../../src/adapters/sqlite/migrations.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { RECORDS_SCHEMA } from '../../../src/adapters/sqlite/records/schema.ts';
import { sqliteRecords } from '../../../src/adapters/sqlite/records/sqliteRecords.ts';
import { LEARNING_MAX_AGE_MS } from '../../../src/engine/ports/learningQueue.ts';
import { use } from '../../contract/records/learningQueue.contract.ts';
import { recordsContract } from '../../contract/records.contract.ts';
import { silent } from '../../fixtures/logger.ts';
import { openSqliteRecords } from '../../fixtures/openSqliteRecords.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

for (const driver of availableDrivers()) {
  recordsContract(`the embedded store on ${driver}`, () => openSqliteRecords(driver));

  describe(`the learning queue on ${driver}`, () => {
    it('keeps entries for 7 days, given or not', async () => {
      await using opened = await openSqliteRecords(driver);
      const { learning } = opened.records;
      await learning.append([use('given'), use('not given')]);
      await learning.read('analytics', 'dead', 1);
      await opened.elapse(LEARNING_MAX_AGE_MS - 60_000);
      await learning.append([use('kept')]);
      assert.equal((await learning.size()).entries, 3);
      await opened.elapse(60_000);
      assert.deepEqual(await learning.size(), {
        entries: 1,
        pending: { training_pipeline: 0, analytics: 0 },
      });
      assert.deepEqual(await learning.claim('analytics', 'a', 0, 10), []);
      const [entry, ...more] = await learning.read('analytics', 'a', 10);
      assert.deepEqual([entry?.userQuery, more], ['kept', []]);
    });
  });

  describe(`a file of the release before, on ${driver}`, () => {
    it('gets the tables of records, and keeps what it held', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'memory.db');
      const now = () => Date.now();
      using database = await open(path);
      const tables = [...RECORDS_SCHEMA.matchAll(/CREATE TABLE (\w+)/g)].map(([, table]) => table!);
      assert.equal(tables.length, 15);
      for (const table of tables.reverse()) database.driver.exec(`DROP TABLE ${table}`);
      database.driver.exec("DELETE FROM meta WHERE key = 'migrated_2'; PRAGMA user_version = 1");
      database.run("INSERT INTO leases VALUES ('kept', 'me', 7, 0)");
      using again = await open(path);
      await sqliteRecords(again, now, silent).events.publish({ type: 'node_status', node: 'a', status: 'b' });
      assert.equal(again.get("SELECT fence FROM leases WHERE name = 'kept'")?.['fence'], 7);

      async function open(path: string) {
        const database = await connect(path, driver, 5_000);
        await migrate(database, identity.newId, now);
        return Object.assign(database, { [Symbol.dispose]: () => database.close() });
      }
    });
  });
}
