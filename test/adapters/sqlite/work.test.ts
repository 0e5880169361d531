import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { connect } from '../../../src/adapters/sqlite/connect.ts';
import { migrate } from '../../../src/adapters/sqlite/migrations.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { sqliteWork } from '../../../src/adapters/sqlite/work/sqliteWork.ts';
import { OFFLINE_MS } from '../../../src/engine/model/agent.ts';
import { workProcessesContract } from '../../contract/work/processes.contract.ts';
import { workContract } from '../../contract/work.contract.ts';
import { openSqliteWork } from '../../fixtures/openSqliteWork.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

for (const driver of availableDrivers()) {
  workContract(`the embedded store on ${driver}`, () => openSqliteWork(driver));

  workProcessesContract(`one file on ${driver}`, async () => {
    const folder = await temporaryFolder();
    const where = join(folder.path, 'memory.db');
    let now = () => Date.now() - OFFLINE_MS;
    const database = await connect(where, driver, 5_000);
    await migrate(database, identity.newId, now);
    return {
      where,
      work: sqliteWork(database, () => now()),
      async age() {
        now = Date.now;
      },
      async [Symbol.asyncDispose]() {
        database.close();
        await folder[Symbol.asyncDispose]();
      },
    };
  });

  it(`one file on ${driver} takes what others write while claims on files are compared`, async () => {
    await using folder = await temporaryFolder();
    const where = join(folder.path, 'memory.db');
    const database = await connect(where, driver, 5_000);
    const other = await connect(where, driver, 100);
    try {
      await migrate(database, identity.newId, Date.now);
      const { files } = sqliteWork(database, Date.now);
      const claim = { id: 'a', namespace: 'n', globs: ['src/**'], agent: 'ann', owner: 'o', note: '' };
      assert.ok('granted' in (await files.claim(claim, 60_000, () => false)));
      let compared = 0;
      const overtaken = await files.claim({ ...claim, id: 'b', agent: 'bob' }, 60_000, () => {
        compared++;
        // Somebody else claims meanwhile: once.
        if (compared === 1) other.run('UPDATE file_fences SET fence = fence + 1');
        return false;
      });
      assert.ok('granted' in overtaken);
      assert.deepEqual([compared, overtaken.granted.fence], [2, 3]);
    } finally {
      other.close();
      database.close();
    }
  });
}
