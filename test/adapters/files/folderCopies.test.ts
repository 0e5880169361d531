import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkingFile } from '../../../src/engine/ports/workingCopies.ts';
import { openWorkingCopies } from '../../../src/main/openWorkingCopies.ts';
import { never } from '../../fixtures/engine.ts';
import { gitFolder, writeFiles } from '../../fixtures/gitFolder.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const SHOP = 'github.com/ada/shop';
const LONG = Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join('');

async function shop() {
  const folder = await temporaryFolder();
  const root = join(folder.path, 'shop');
  await writeFiles(root, { 'src/pay.ts': LONG });
  const repository = gitFolder(root);
  const commit = await repository.commit('First', {});
  return {
    ...repository,
    first: commit,
    folder: folder.path,
    root,
    copies: openWorkingCopies(root),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('working copies', () => {
  it('are known by the name of their repository, from any folder in it', async () => {
    await using shelf = await shop();
    const copies = openWorkingCopies(join(shelf.root, 'src'), shelf.folder);
    const file = (await copies.look(SHOP, 'src/pay.ts')) as WorkingFile;
    assert.equal(await file.text(), LONG);
    assert.equal(await copies.look(SHOP, 'src/none.ts'), 'absent');
    assert.equal(await copies.look(SHOP, 'src/pay.ts/none.ts'), 'absent');
    assert.equal(await copies.look(SHOP, 'src'), undefined);
    assert.equal(await copies.look('github.com/ada/bank', 'src/pay.ts'), undefined);
  });

  it('tell by the stamp that a file was written', async () => {
    await using shelf = await shop();
    const stamp = async () => ((await shelf.copies.look(SHOP, 'src/pay.ts')) as WorkingFile).stamp;
    const before = await stamp();
    assert.equal(await stamp(), before);
    await writeFiles(shelf.root, { 'src/pay.ts': 'other\n' });
    assert.notEqual(await stamp(), before);
  });

  it('lead nowhere outside, and read no more than text of a megabyte', async () => {
    await using shelf = await shop();
    await writeFiles(shelf.folder, { 'secret.txt': 'secret\n' });
    await symlink(join(shelf.folder, 'secret.txt'), join(shelf.root, 'link.txt'));
    await writeFiles(shelf.root, { 'big.txt': 'x'.repeat(1_000_001) });
    await writeFile(join(shelf.root, 'bytes.bin'), Buffer.from([0xff, 0xfe, 0x00]));
    for (const path of [
      '../secret.txt',
      join(shelf.folder, 'secret.txt'),
      'src/../../secret.txt',
      'a\0b',
      '..',
      '',
    ])
      assert.equal(await shelf.copies.look(SHOP, path), undefined, JSON.stringify(path));
    for (const path of ['link.txt', 'big.txt', 'bytes.bin'])
      assert.equal(await ((await shelf.copies.look(SHOP, path)) as WorkingFile).text(), undefined, path);
  });

  it('know where a file went, over several renames, committed or not', async () => {
    await using shelf = await shop();
    const fate = () => shelf.copies.fateOf(SHOP, 'src/pay.ts', undefined, never);
    shelf.git('mv', 'src/pay.ts', 'src/payment.ts');
    await writeFiles(shelf.root, { 'src/payment.ts': 'rewritten\n' });
    assert.deepEqual(await fate(), { kind: 'renamed', path: 'src/payment.ts' });
    assert.deepEqual(await shelf.copies.formerPaths(SHOP, 'src/payment.ts', never), ['src/pay.ts']);
    await writeFiles(shelf.root, { 'src/payment.ts': LONG });
    await shelf.commit('Second', {});
    shelf.git('mv', 'src/payment.ts', 'ä b.ts');
    await shelf.commit('Third', {});
    assert.deepEqual(await fate(), { kind: 'renamed', path: 'ä b.ts' });
    assert.deepEqual(await shelf.copies.formerPaths(SHOP, 'ä b.ts', never), ['src/payment.ts', 'src/pay.ts']);
    shelf.git('mv', 'ä b.ts', 'end.ts');
    assert.deepEqual(await fate(), { kind: 'renamed', path: 'end.ts' });
    assert.deepEqual(await shelf.copies.formerPaths(SHOP, 'end.ts', never), [
      'ä b.ts',
      'src/payment.ts',
      'src/pay.ts',
    ]);
  });

  it('know which commit took a file away, and when only another branch has it', async () => {
    await using shelf = await shop();
    shelf.git('checkout', '-q', '-b', 'other');
    const other = await shelf.commit('Other', { 'src/tax.ts': 'Taxes are due in May.\n' });
    shelf.git('checkout', '-q', 'main');
    assert.deepEqual(await shelf.copies.fateOf(SHOP, 'src/tax.ts', other, never), {
      kind: 'elsewhere',
      commit: other,
    });
    assert.deepEqual(await shelf.copies.fateOf(SHOP, 'src/none.ts', shelf.first, never), { kind: 'unknown' });
    shelf.git('rm', '-q', 'src/pay.ts');
    const gone = await shelf.commit('Second', {});
    assert.deepEqual(await shelf.copies.fateOf(SHOP, 'src/pay.ts', shelf.first, never), {
      kind: 'deleted',
      commit: gone,
    });
  });

  it('know nothing where there is no history, and let go once nobody waits', async () => {
    await using folder = await temporaryFolder();
    const copies = openWorkingCopies(folder.path);
    assert.deepEqual(await copies.fateOf('shop', 'a.ts', undefined, never), { kind: 'unknown' });
    assert.deepEqual(await copies.formerPaths('shop', 'a.ts', never), []);
    await using shelf = await shop();
    const gone = AbortSignal.abort(new Error('nobody waits'));
    await assert.rejects(shelf.copies.fateOf(SHOP, 'src/none.ts', undefined, gone), /nobody waits/);
  });
});
