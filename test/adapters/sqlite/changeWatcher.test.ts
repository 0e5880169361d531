import { join } from 'node:path';
import { ChangeWatcher } from '../../../src/adapters/sqlite/changeWatcher.ts';
import { connect } from '../../../src/adapters/sqlite/connect.ts';

import { silent } from '../../fixtures/logger.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const SLOW_DISK_MS = 300;

describe('whoever watches the store', () => {
  it('hears of a change that can be read some time after it was written only', async () => {
    await using folder = await temporaryFolder();
    const database = await connect(join(folder.path, 'a.db'), undefined, 5_000);
    database.driver.exec('CREATE TABLE changes (n INTEGER)');
    // What a disk that takes long does to a commit: the file is written now, its readers see it then.
    const seen = (Date.now() + SLOW_DISK_MS) / 1000;
    using watcher = new ChangeWatcher(
      database,
      silent,
      `SELECT (julianday('now') - 2440587.5) * 86400.0 > ${seen} AS state`,
    );
    let told = 0;
    watcher.add(() => {
      told++;
    });
    await database.write(() => database.run('INSERT INTO changes VALUES (1)'));
    await until(() => told === 1);
    database.close();
  });
});
