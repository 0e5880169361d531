import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identity } from '../../../../src/adapters/node/identity.ts';
import { loadSettings } from '../../../../src/config/loadSettings.ts';
import type { Anchor } from '../../../../src/engine/model/memory.ts';
import { createEngine } from '../../../../src/main/createEngine.ts';
import { openWorkingCopies } from '../../../../src/main/openWorkingCopies.ts';
import { anchoredIn, placesOf } from '../../../../src/surfaces/editor/engine/anchored.ts';
import { callerNamed } from '../../../fixtures/callers.ts';
import { never } from '../../../fixtures/engine.ts';
import { gitFolder, writeFiles } from '../../../fixtures/gitFolder.ts';
import { silent } from '../../../fixtures/logger.ts';
import { temporaryFolder } from '../../../fixtures/temporaryFolder.ts';

const SHOP = 'github.com/ada/shop';
const editor = callerNamed('vscode', SHOP);
const CODE = 'one\ntwo\nthree\nfour\n';

async function shop() {
  const folder = await temporaryFolder();
  const root = join(folder.path, 'shop');
  await writeFiles(root, { 'src/pay.ts': CODE });
  const repository = gitFolder(root);
  const commit = await repository.commit('First', {});
  const engine = await createEngine({
    settings: loadSettings({ env: {}, folders: [], overrides: { 'embedding.provider': 'off' } }),
    logger: silent,
    dataDirectory: join(folder.path, 'home'),
    copies: openWorkingCopies(root),
  });
  return {
    ...repository,
    root,
    first: commit,
    async store(content: string, anchors: readonly Anchor[], namespace = SHOP, source = 'agent') {
      const draft = { content, anchors, namespace, provenance: { source } };
      const [stored] = await engine.memories.store([draft], editor);
      return stored!.memory.id;
    },
    found: async (path: string, formerNames: readonly string[] = []) =>
      (await anchoredIn(engine, { repository: SHOP, path }, editor, formerNames)).memories,
    async place(id: string) {
      const [{ file, ...place } = assert.fail()] = await placesOf(engine, id, editor, identity.sha256, never);
      const { anchor: _, ...about } = place;
      return { ...about, ...(file !== undefined && { file: file.slice(root.length + 1) }) };
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const lines: Anchor = {
  repository: SHOP,
  path: 'src/pay.ts',
  startLine: 2,
  endLine: 3,
  textHash: identity.sha256('two\nthree'),
};

describe('what an editor is told of code that memories speak of', () => {
  it('is each memory of the file or of lines of it, newest first, with those anchors alone', async () => {
    await using shelf = await shop();
    const file: Anchor = { repository: SHOP, path: 'src/pay.ts' };
    const whole = await shelf.store('Of the file as a whole', [{ ...file, path: 'b.ts' }, file]);
    await shelf.store('Made of a commit', [file, { ...file, path: 'b.ts' }], SHOP, 'git');
    await shelf.store('Of the whole of another one', [{ ...file, repository: 'github.com/ada/bank' }]);
    await shelf.store('Of another repository', [{ ...lines, repository: 'github.com/ada/bank' }]);
    await shelf.store('Of another namespace', [lines], 'bank');
    const { repository: _, ...bare } = lines;
    const first = await shelf.store('Of two files', [bare, { ...lines, path: 'b.ts' }]);
    const second = await shelf.store(
      `Long ${'x'.repeat(2000)}`,
      [lines, { ...lines, startLine: 1 }],
      'global',
    );
    const found = await shelf.found('src/pay.ts');
    assert.deepEqual(
      found.map(({ anchors, id }) => [id, anchors]),
      [
        [second, [lines, { ...lines, startLine: 1 }]],
        [first, [bare]],
        [whole, [file]],
      ],
    );
    assert.ok(found[0]!.content.length < 700);
  });

  it('is what was remembered of a file under names that it had before', async () => {
    await using shelf = await shop();
    const id = await shelf.store('Pay it', [lines]);
    assert.deepEqual(await shelf.found('src/payment.ts'), []);
    const [memory] = await shelf.found('src/payment.ts', ['src/pay.ts']);
    assert.deepEqual([memory?.id, memory?.anchors[0]?.path], [id, 'src/pay.ts']);
  });

  it('is where the code is by now: moved, changed, renamed, deleted, on another branch, or away', async () => {
    await using shelf = await shop();
    const id = await shelf.store('Pay it', [{ ...lines, commit: shelf.first }]);
    const file = 'src/pay.ts';
    assert.deepEqual(await shelf.place(id), { file, state: 'here', startLine: 2, endLine: 3 });
    await writeFiles(shelf.root, { [file]: `zero\n${CODE}` });
    assert.deepEqual(await shelf.place(id), { file, state: 'moved', startLine: 3, endLine: 4 });
    await writeFiles(shelf.root, { [file]: CODE.replace('two', '2') });
    assert.deepEqual(await shelf.place(id), { file, state: 'changed', startLine: 2, endLine: 3 });
    await writeFiles(shelf.root, { [file]: CODE });
    shelf.git('mv', file, 'src/payment.ts');
    await shelf.commit('Second', {});
    assert.deepEqual(await shelf.place(id), {
      file: 'src/payment.ts',
      state: 'moved',
      startLine: 2,
      endLine: 3,
      fate: { kind: 'renamed', path: 'src/payment.ts' },
    });
    await rm(join(shelf.root, 'src/payment.ts'));
    const gone = await shelf.commit('Third', {});
    assert.deepEqual(await shelf.place(id), { state: 'gone', fate: { kind: 'deleted', commit: gone } });
    shelf.git('checkout', '-q', '-b', 'other');
    const other = await shelf.commit('Fourth', { 'src/tax.ts': CODE });
    const tax = await shelf.store('Taxes', [{ ...lines, path: 'src/tax.ts', commit: other }]);
    shelf.git('checkout', '-q', 'main');
    assert.deepEqual(await shelf.place(tax), { state: 'gone', fate: { kind: 'elsewhere', commit: other } });
    const bank = await shelf.store('Bank', [{ ...lines, repository: 'github.com/ada/bank' }]);
    assert.deepEqual(await shelf.place(bank), { state: 'away' });
    const whole = await shelf.store('Whole', [{ repository: SHOP, path: 'README.md' }]);
    await writeFiles(shelf.root, { 'README.md': 'Shop\n' });
    assert.deepEqual(await shelf.place(whole), { file: 'README.md', state: 'unchecked' });
  });
});
