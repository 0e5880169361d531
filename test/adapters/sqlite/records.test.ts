import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { connect } from '../../../src/adapters/sqlite/connect.ts';
import { migrate } from '../../../src/adapters/sqlite/migrations.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { sqliteRecords } from '../../../src/adapters/sqlite/records/sqliteRecords.ts';
import { EVENTS_KEPT } from '../../../src/engine/ports/eventBus.ts';
import { LEARNING_MAX_AGE_MS } from '../../../src/engine/ports/learningQueue.ts';
import { SESSION_TTL_MS } from '../../../src/engine/ports/sessionRecords.ts';
import { use } from '../../contract/records/learningQueue.contract.ts';
import { recordsContract } from '../../contract/records.contract.ts';
import { silent } from '../../fixtures/logger.ts';
import { openSqliteRecords } from '../../fixtures/openSqliteRecords.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const session = { id: 's', context: '', files: [], currentTask: '', lastTool: '', node: '' };
const event = { type: 'node_status', node: 'a', status: 'online' } as const;

for (const driver of availableDrivers()) {
  recordsContract(`the embedded store on ${driver}`, () => openSqliteRecords(driver));

  describe(`the learning queue on ${driver}`, () => {
    it('keeps entries for 7 days before they are given', async () => {
      await using opened = await openSqliteRecords(driver);
      const { learning } = opened.records;
      await learning.append([use('old')]);
      await opened.elapse(LEARNING_MAX_AGE_MS - 60_000);
      await learning.append([use('kept')]);
      assert.equal((await learning.size()).entries, 2);
      await opened.elapse(60_000);
      const [entry, ...more] = await learning.read('analytics', 'a', 10);
      assert.deepEqual([entry?.userQuery, more], ['kept', []]);
    });

    it('keeps entries for 7 days after they were given', async () => {
      await using opened = await openSqliteRecords(driver);
      const { learning } = opened.records;
      await learning.append([use('old')]);
      await learning.read('analytics', 'dead', 1);
      await opened.elapse(LEARNING_MAX_AGE_MS);
      assert.deepEqual(await learning.size(), {
        entries: 0,
        pending: { training_pipeline: 0, analytics: 0 },
      });
      assert.deepEqual(await learning.claim('analytics', 'a', 0, 10), []);
    });
  });

  describe(`the file of records on ${driver}`, () => {
    it('gets their tables where it is of the release before, and keeps what it held', async () => {
      await using folder = await temporaryFolder();
      const database = await connect(join(folder.path, 'memory.db'), driver, 5_000);
      await migrate(database, identity.newId, Date.now, 1);
      database.run("INSERT INTO leases VALUES ('kept', 'me', 7, 0)");
      database.close();
      using after = await open(folder.path);
      await after.records.events.publish(event);
      await after.records.workingMemory.put({ namespace: 'n', user: '', session: 's' }, 'x', null);
      assert.equal(after.database.get("SELECT fence FROM leases WHERE name = 'kept'")?.['fence'], 7);
    });

    it('keeps no row of what is over', async () => {
      await using folder = await temporaryFolder();
      const clock = { ms: 1_700_000_000_000 };
      using opened = await open(folder.path, () => clock.ms);
      const { database, records } = opened;
      const fill = async (id: string) => {
        await records.sessions.put({ ...session, id }, 'ann');
        await records.toolResults.put({ tool: 'ask', inputHash: id }, 'answer', 'expensive');
        await records.learning.append([use(id)]);
      };
      const rows = (table: string) => database.get(`SELECT count(*) AS n FROM ${table}`)?.['n'];
      await fill('old');
      await records.learning.read('analytics', 'dead', 1);
      clock.ms += SESSION_TTL_MS + 1;
      await fill('new');
      for (const table of ['session_records', 'session_users', 'tool_results', 'learning_entries'])
        assert.equal(rows(table), 1, table);
      assert.equal(rows('learning_pending'), 0);
    });

    it('keeps the newest events', async () => {
      await using folder = await temporaryFolder();
      using opened = await open(folder.path);
      const { database, records } = opened;
      await records.events.publish(event);
      database.run('UPDATE sqlite_sequence SET seq = ? WHERE name = ?', EVENTS_KEPT - 1, 'events');
      assert.equal((await records.events.since('0', 10)).length, 1);
      const last = [await records.events.publish(event), await records.events.publish(event)];
      assert.deepEqual(
        (await records.events.since('0', 10)).map(({ id }) => id),
        last,
      );
    });
  });

  async function open(folder: string, now: () => number = Date.now) {
    const database = await connect(join(folder, 'memory.db'), driver, 5_000);
    await migrate(database, identity.newId, now);
    const records = sqliteRecords(database, now, silent);
    return { database, records, [Symbol.dispose]: () => database.close() };
  }
}
