import assert from 'node:assert/strict';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { SqliteEventBus } from '../../../src/adapters/sqlite/records/sqliteEventBus.ts';
import { sqliteWork } from '../../../src/adapters/sqlite/work/sqliteWork.ts';
import { checkSound, fillWork, NO_JSON } from '../../fixtures/damagedWork.ts';
import { silent } from '../../fixtures/logger.ts';
import { openSqlitePair } from '../../fixtures/openSqlitePair.ts';

/** Columns of JSON, with the row that is damaged. */
const COLUMNS: readonly (readonly [table: string, row: string, columns: readonly string[]])[] = [
  ['agents', "id = 'damaged'", ['capabilities', 'metadata']],
  ['file_claims', "id = 'damaged'", ['globs']],
  ['tasks', "id = 'damaged'", ['payload', 'capabilities', 'depends_on', 'retry']],
  ['tasks', "id = 'damaged done'", ['result', 'metrics']],
  ['task_signatures', 'signature = 2', ['capabilities']],
  ['contexts', "id = 'damaged'", ['receivers', 'memory_ids', 'files', 'metadata']],
  ['events', "type = 'context' AND subject = 'damaged'", ['audience']],
];

for (const driver of availableDrivers())
  describe(`a damaged row, on ${driver},`, () => {
    for (const [table, row, columns] of COLUMNS)
      for (const column of columns)
        it(`hides no other row when it is a ${column} of ${table}`, async () => {
          await using pair = await openSqlitePair(driver);
          const work = sqliteWork(pair.one, pair.clock);
          using events = new SqliteEventBus(pair.one, pair.clock, silent);
          await fillWork(work);
          for (const text of NO_JSON) {
            const { changes } = pair.other.run(`UPDATE ${table} SET ${column} = ? WHERE ${row}`, text);
            assert.equal(changes, 1);
            await checkSound(work, events);
          }
        });
  });
