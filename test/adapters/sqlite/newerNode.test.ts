import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/main/assets.ts';
import { node24 } from '../../fixtures/node24.ts';

const run = promisify(execFile);
/** What depends on the driver; each picks those that its runtime offers. */
const SPECS = [
  'damagedRows',
  'drivers',
  'embeddedStore',
  'faults',
  'records',
  'sameFile',
  'sensitive',
  'storeModel',
  'tasks',
  'taskModel',
  'work',
].map(name => `test/adapters/sqlite/${name}.test.ts`);

describe('the embedded store under Node 24', function () {
  this.timeout(300_000);

  it('passes the same specs on node:sqlite, without a warning', async () => {
    const mocha = join(packageRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const { stdout, stderr } = await run(await node24(), [mocha, '--reporter', 'json', ...SPECS], {
      cwd: packageRoot,
      maxBuffer: 10_000_000,
    });
    const { stats, passes } = JSON.parse(stdout.slice(stdout.indexOf('{\n  "stats"')));
    const onNodeSqlite = passes.filter((test: { fullTitle: string }) =>
      test.fullTitle.includes('node:sqlite'),
    );
    assert.deepEqual([stats.failures, stats.pending], [0, 0]);
    assert.ok(onNodeSqlite.length > 30, `${onNodeSqlite.length} on node:sqlite`);
    assert.equal(stderr, '');
  });
});
