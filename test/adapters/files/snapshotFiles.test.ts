import assert from 'node:assert/strict';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSnapshotFiles } from '../../../src/adapters/files/snapshotFiles.ts';
import { silent } from '../../fixtures/logger.ts';
import { otherSealer, sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const parts = [
  new Uint8Array([1, 2, 3]),
  new Float64Array(0),
  new Uint8Array(100_000).fill(7),
  new Uint8Array(0),
].map(part => new Uint8Array(part.buffer as ArrayBuffer, 0, part.byteLength));
const whole = Buffer.concat(parts);

const open = { sealed: false };

describe('snapshotFiles', () => {
  it('returns what was written, empty parts and all, and the newest of two', async () => {
    await using folder = await temporaryFolder();
    const snapshots = createSnapshotFiles(join(folder.path, 'made'), sealer, silent);
    assert.equal(await snapshots.read('a'), undefined);
    await snapshots.write('a', [new Uint8Array([9])], open);
    await snapshots.write('a', parts, open);
    assert.deepEqual(Buffer.from((await snapshots.read('a'))!), whole);
    assert.equal((await readdir(join(folder.path, 'made'))).length, 1);
  });

  for (const sealed of [false, true])
    it(`trusts no byte that changed and no file that was cut, ${sealed ? 'sealed' : 'open'}`, async () => {
      await using folder = await temporaryFolder();
      const snapshots = createSnapshotFiles(folder.path, sealer, silent);
      await snapshots.write('a', parts, { sealed });
      assert.deepEqual(Buffer.from((await snapshots.read('a'))!), whole);
      const file = join(folder.path, 'a.snapshot');
      const sound = await readFile(file);
      for (const at of [0, 5, 9, 13, 16, 50_000, sound.length - 1]) {
        const damaged = Buffer.from(sound);
        damaged[at]! ^= 1;
        await writeFile(file, damaged);
        assert.equal(await snapshots.read('a'), undefined, `byte ${at}`);
      }
      await writeFile(file, sound);
      for (const length of [sound.length - 1, 16, 3, 0]) {
        await truncate(file, length);
        assert.equal(await snapshots.read('a'), undefined, `${length} bytes`);
      }
    });

  it('lets nobody read what was sealed under another key, or for another name', async () => {
    await using folder = await temporaryFolder();
    const snapshots = createSnapshotFiles(folder.path, sealer, silent);
    await snapshots.write('a', [Buffer.from('the vault code is 4711')], { sealed: true });
    const file = await readFile(join(folder.path, 'a.snapshot'));
    assert.equal(file.includes('vault code'), false);
    assert.equal(await createSnapshotFiles(folder.path, otherSealer, silent).read('a'), undefined);
    await writeFile(join(folder.path, 'b.snapshot'), file);
    assert.equal(await snapshots.read('b'), undefined);
    assert.equal(Buffer.from((await snapshots.read('a'))!).toString(), 'the vault code is 4711');
  });

  it('removes what is readable, were it only begun, and nothing else', async () => {
    await using folder = await temporaryFolder();
    const snapshots = createSnapshotFiles(folder.path, sealer, silent);
    await snapshots.write('sealed', parts, { sealed: true });
    assert.equal(await snapshots.removeOpen(), false);
    await snapshots.write('open', parts, open);
    await writeFile(join(folder.path, 'open.snapshot.4711.1'), Buffer.alloc(5000));
    await writeFile(join(folder.path, 'begun.snapshot.4711.2'), '');
    assert.equal(await snapshots.removeOpen(), true);
    assert.deepEqual(await readdir(folder.path), ['sealed.snapshot']);
    assert.equal(await createSnapshotFiles(join(folder.path, 'none'), sealer, silent).removeOpen(), false);
  });

  it('does without a snapshot where none can be written', async () => {
    const snapshots = createSnapshotFiles('/dev/null/nowhere', sealer, silent);
    await snapshots.write('a', parts, open);
    assert.equal(await snapshots.read('a'), undefined);
  });
});
