import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { createSealer } from '../../../src/adapters/encryption/createSealer.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { packageRoot } from '../../../src/main/assets.ts';
import { otherSealer, sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const seal = (parts: readonly Uint8Array[], context = 'm') => Buffer.concat([...sealer.seal(parts, context)]);
const unavailable = (error: unknown) => MemoryError.is(error, 'unavailable');

describe('the sealer', () => {
  it('gives back what was sealed, in however many parts, and seals nothing alike', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), parts => {
        const sealed = seal(parts);
        assert.deepEqual(Buffer.from(sealer.open(sealed, 'm')), Buffer.concat(parts));
        assert.notDeepEqual(seal(parts), sealed);
      }),
    );
  });

  it('opens nothing that was changed, cut, moved or sealed under another key', () => {
    const sealed = seal([Buffer.from('the vault code is 4711')]);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      assert.throws(() => sealer.open(changed, 'm'), unavailable, `byte ${at}`);
      assert.throws(() => sealer.open(sealed.subarray(0, at), 'm'), unavailable, `${at} bytes`);
    }
    assert.throws(() => sealer.open(sealed, 'n'), unavailable);
    assert.throws(() => otherSealer.open(sealed, 'm'), /key/);
  });

  it('makes one key, however many processes begin at once', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'made', 'encryption-key');
    const program = `
      import { createSealer } from './src/adapters/encryption/createSealer.ts';
      console.log(createSealer('', ${JSON.stringify(path)}).makeKey());`;
    const ids = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const args = ['--import', 'tsx', '--input-type=module', '-e', program];
        return (await promisify(execFile)(process.execPath, args, { cwd: packageRoot })).stdout;
      }),
    );
    assert.equal(new Set(ids).size, 1);
    assert.equal(createSealer('', path).keyId(), ids[0]!.trim());
    assert.deepEqual(await readdir(join(folder.path, 'made')), ['encryption-key']);
  });

  it('makes none where a link leads to a key that is away', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'encryption-key');
    await symlink(join(folder.path, 'stick', 'key'), path);
    assert.throws(() => createSealer('', path).makeKey(), unavailable);
    assert.deepEqual(await readdir(folder.path), ['encryption-key']);
  });

  it('makes no key to read with, and takes none that is damaged for one', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'encryption-key');
    const none = createSealer('', path);
    assert.equal(none.keyId(), undefined);
    assert.throws(() => none.open(seal([]), 'm'), unavailable);
    assert.throws(() => none.digest('text'), unavailable);
    assert.deepEqual(await readdir(folder.path), []);
    await writeFile(path, 'c2hvcnQ=\n');
    await chmod(path, 0o600);
    assert.throws(() => createSealer('', path).makeKey(), unavailable);
    const folderInstead = join(folder.path, 'folder');
    await mkdir(folderInstead);
    assert.throws(() => createSealer('', folderInstead).makeKey(), unavailable);
  });
});
