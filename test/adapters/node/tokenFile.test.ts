import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localToken, tokenPath } from '../../../src/adapters/node/tokenFile.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

describe('the token file', () => {
  it('is made once, readable by its user alone, and leaves nothing beside it', async () => {
    await using folder = await temporaryFolder();
    const home = join(folder.path, 'new');
    const token = localToken(home);
    assert.match(token, /^[\w-]{43}$/);
    assert.equal(localToken(home), token);
    assert.deepEqual(readdirSync(home), ['http-token']);
    if (process.platform !== 'win32') {
      assert.equal(statSync(tokenPath(home)).mode & 0o777, 0o600);
      assert.equal(statSync(home).mode & 0o777, 0o700);
    }
  });

  it('is refused, never taken for an empty token, when it is broken', async () => {
    await using folder = await temporaryFolder();
    writeFileSync(tokenPath(folder.path), '\n');
    assert.throws(
      () => localToken(folder.path),
      error => MemoryError.is(error, 'unavailable'),
    );
  });
});
