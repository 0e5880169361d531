import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createBackupFiles } from '../../src/adapters/files/backupFiles.ts';
import { identity } from '../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../src/adapters/sqlite/openEmbeddedStore.ts';
import { Backups } from '../../src/engine/backups.ts';
import { silent } from '../fixtures/logger.ts';
import { sealer } from '../fixtures/sealer.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

describe('copies of the store', () => {
  it('made after the clock was ahead are the newest all the same, and stay', async () => {
    await using folder = await temporaryFolder();
    const now = { ms: Date.UTC(2027, 11, 31, 23, 59, 59) };
    const clock = { now: () => now.ms };
    await using store = await openEmbeddedStore({
      ...{ path: join(folder.path, 'memory.db'), clock, identity, sealer, logger: silent },
    });
    const copies = join(folder.path, 'backups');
    const backups = new Backups({ store, folder: createBackupFiles(copies), keep: 2, clock, identity });
    const ahead = [await backups.make('a'), await backups.make('b')];
    now.ms = Date.UTC(2026, 10, 22);
    const right = await backups.make('c');
    const names = (await readdir(copies)).sort().map(name => join(copies, name));
    assert.deepEqual(names, [ahead[1]!.file, right.file]);
    assert.equal((await backups.make('c')).file, right.file);
  });
});
