import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cliHome } from '../../fixtures/cli.ts';

describe('memory-central export where sensitive memories are locked', function () {
  this.timeout(60_000);

  it('refuses, unless it is told to go on without them', async () => {
    await using cli = await cliHome();
    await cli.json(['store', 'An open memory']);
    await cli.json(['store', 'The code of the vault', '--sensitive']);
    const key = join(cli.data, 'encryption-key');
    assert.ok(existsSync(key));
    assert.equal((await cli.run(['export'])).stdout.trim().split('\n').length, 3);

    await rm(key);
    const file = join(cli.home, 'memories.jsonl');
    for (const args of [['export'], ['export', file]]) {
      const { code, stdout, stderr } = await cli.run(args);
      assert.deepEqual([code, stdout], [5, '']);
      assert.match(stderr, /Sensitive memories would be missing: .*there is none here/);
      assert.match(stderr, /MEMORY_ENCRYPTION_KEY.*--without-locked/);
    }
    assert.ok(!existsSync(file));
    assert.equal((await cli.run(['export', '--without-locked'])).stdout.trim().split('\n').length, 2);
    assert.equal((await cli.json(['export', file, '--without-locked']))['exported'], 1);
  });
});
