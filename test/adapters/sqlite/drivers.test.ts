import assert from 'node:assert/strict';
import { join } from 'node:path';
import { availableDrivers, openDriver } from '../../../src/adapters/sqlite/openDriver.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

for (const name of availableDrivers()) {
  describe(`the driver ${name}`, () => {
    it('answers each question by its own parameters, whichever way it is asked', async () => {
      await using folder = await temporaryFolder();
      const driver = await openDriver(join(folder.path, 'a.db'), name);
      driver.exec(
        "CREATE TABLE t (id TEXT UNIQUE, n INTEGER PRIMARY KEY); INSERT INTO t VALUES ('a', 1), ('b', 2)",
      );
      const statement = driver.prepare('SELECT * FROM t WHERE id = ?');
      const asked = ['a', 'b', 'x', 'b', 'a'];
      const rows: Readonly<Record<string, unknown>> = { a: { id: 'a', n: 1 }, b: { id: 'b', n: 2 } };
      for (const id of asked) {
        for (const other of asked) {
          assert.deepEqual(plain(statement.all([id])), id === 'x' ? [] : [rows[id]]);
          assert.deepEqual(plain(statement.get([other])), rows[other]);
        }
      }
      driver.close();
    });

    it('answers the next question after one that failed', async () => {
      await using folder = await temporaryFolder();
      const driver = await openDriver(join(folder.path, 'a.db'), name);
      const statement = driver.prepare('SELECT json(?) AS json');
      for (const ask of [statement.get, (params: string[]) => statement.all(params)[0]]) {
        assert.deepEqual(plain(ask(['[1]'])), { json: '[1]' });
        assert.throws(() => ask(['no JSON']), /malformed/);
        assert.deepEqual(plain(ask(['[2]'])), { json: '[2]' });
      }
      driver.close();
    });

    for (const way of ['get', 'all'] as const)
      it(`keeps nothing of the file after a read (${way}) that found it locked`, async () => {
        await using folder = await temporaryFolder();
        const path = join(folder.path, 'a.db');
        const driver = await openDriver(path, name);
        const other = await openDriver(path, name);
        driver.exec('PRAGMA busy_timeout = 0; CREATE TABLE t (n INTEGER)');
        const statement = driver.prepare('SELECT max(n) AS n FROM t');
        other.exec('BEGIN EXCLUSIVE');
        assert.throws(() => statement[way]([]), /locked/);
        other.exec('COMMIT; PRAGMA journal_mode = WAL');
        for (const n of [1, 2]) {
          other.exec(`INSERT INTO t VALUES (${n})`);
          driver.exec('BEGIN IMMEDIATE; COMMIT');
          assert.deepEqual(plain(driver.prepare('SELECT max(n) AS n FROM t').get([])), { n });
        }
        other.close();
        driver.close();
      });

    it('names the columns that another connection has added meanwhile', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'a.db');
      const driver = await openDriver(path, name);
      const other = await openDriver(path, name);
      driver.exec('CREATE TABLE t (id TEXT)');
      driver.exec("INSERT INTO t VALUES ('a')");
      const statement = driver.prepare('SELECT * FROM t');
      assert.deepEqual(plain([statement.get([]), ...statement.all([])]), [{ id: 'a' }, { id: 'a' }]);
      other.exec('ALTER TABLE t ADD COLUMN n INTEGER DEFAULT 7');
      const row = { id: 'a', n: 7 };
      assert.deepEqual(plain([statement.get([]), ...statement.all([])]), [row, row]);
      other.close();
      driver.close();
    });
  });
}

/** Rows of node:sqlite have no prototype. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
