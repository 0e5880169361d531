import assert from 'node:assert/strict';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSnapshotFiles } from '../../../src/adapters/files/snapshotFiles.ts';
import { silent } from '../../fixtures/logger.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const parts = [
  new Uint8Array([1, 2, 3]),
  new Float64Array(0),
  new Uint8Array(100_000).fill(7),
  new Uint8Array(0),
].map(part => new Uint8Array(part.buffer as ArrayBuffer, 0, part.byteLength));
const whole = Buffer.concat(parts);

describe('snapshotFiles', () => {
  it('returns what was written, empty parts and all, and the newest of two', async () => {
    await using folder = await temporaryFolder();
    const snapshots = createSnapshotFiles(join(folder.path, 'made'), silent);
    assert.equal(await snapshots.read('a'), undefined);
    await snapshots.write('a', [new Uint8Array([9])]);
    await snapshots.write('a', parts);
    assert.deepEqual(Buffer.from((await snapshots.read('a'))!), whole);
    assert.equal((await readdir(join(folder.path, 'made'))).length, 1);
  });

  it('trusts no byte that changed and no file that was cut', async () => {
    await using folder = await temporaryFolder();
    const snapshots = createSnapshotFiles(folder.path, silent);
    await snapshots.write('a', parts);
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

  it('does without a snapshot where none can be written', async () => {
    const snapshots = createSnapshotFiles('/dev/null/nowhere', silent);
    await snapshots.write('a', parts);
    assert.equal(await snapshots.read('a'), undefined);
  });
});
