import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitFolder, writeFiles } from '../../fixtures/gitFolder.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { openTransfer } from '../../fixtures/transfer.ts';

const README = '# Shop\n\nSells tea.\n\n## Install\n\nRun `npm ci`.\n\n## Install\n\nOn Windows too.\n';

async function repository() {
  const folder = await temporaryFolder();
  const root = join(folder.path, 'shop');
  await writeFiles(root, { 'README.md': README });
  const { git, commit } = gitFolder(root);
  const memory = await openTransfer(folder.path);
  return {
    root,
    git,
    commit,
    ...memory,
    async [Symbol.asyncDispose]() {
      await memory[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('importing Markdown', () => {
  it('makes a memory a section, with its place, and adds nothing the second time', async () => {
    await using shop = await repository();
    const head = await shop.commit('First', { 'docs/guide/Taxes.md': 'Taxes are due in May.\n' });
    const first = await shop.import(shop.root);
    assert.deepEqual([first.added, first.skipped, first.removed], [4, 0, []]);
    const byId = new Map((await shop.all()).map(memory => [memory.externalId, memory]));
    const prefix = 'markdown:github.com/ada/shop';
    assert.deepEqual(
      [...byId.keys()].sort(),
      [
        `${prefix}/README.md#install-1`,
        `${prefix}/README.md#install-2`,
        `${prefix}/README.md#shop-1`,
        `${prefix}/docs/guide/Taxes.md#top-1`,
      ].sort(),
    );
    const section = byId.get(`${prefix}/README.md#install-2`)!;
    assert.ok(section.content.includes('On Windows too.'));
    assert.ok(section.content.includes('Shop'), 'it is understood without the rest of the file');
    const { textHash, ...place } = section.anchors[0]!;
    assert.equal(textHash?.length, 64);
    assert.deepEqual(place, {
      repository: 'github.com/ada/shop',
      path: 'README.md',
      commit: head,
      startLine: 11,
      endLine: 11,
    });
    const taxes = byId.get(`${prefix}/docs/guide/Taxes.md#top-1`)!;
    assert.deepEqual([...taxes.tags], ['docs', 'guide', 'taxes']);
    assert.equal(taxes.expiresAt, null);
    const second = await shop.import(shop.root);
    assert.deepEqual([second.added, second.updated, second.unchanged, second.duplicates], [0, 0, 4, 0]);
    assert.equal(
      (await shop.all()).every(memory => memory.version === 1 && memory.accessCount === 0),
      true,
    );
  });

  it('updates a changed section, keeps its old version, and leaves the moved ones alone', async () => {
    await using shop = await repository();
    await shop.import(shop.root);
    await writeFile(join(shop.root, 'README.md'), `\n\n${README.replace('npm ci', 'npm install')}`);
    const { added, updated, unchanged } = await shop.import(shop.root);
    assert.deepEqual([added, updated, unchanged], [0, 1, 2]);
    const changed = (await shop.all()).find(memory => memory.externalId?.endsWith('#install-1'))!;
    assert.ok(changed.content.includes('npm install'));
    const { claude } = await import('../../fixtures/callers.ts');
    const versions = await shop.memories.versions(changed.id, claude);
    assert.ok(versions[0]?.memory.content.includes('npm ci'));
  });

  it('keeps what a person changed as long as the source stays the same', async () => {
    await using shop = await repository();
    const { claude } = await import('../../fixtures/callers.ts');
    await shop.import(shop.root);
    const [memory] = await shop.all();
    await shop.memories.update(memory!.id, { content: 'Better words' }, claude);
    assert.equal((await shop.import(shop.root)).unchanged, 3);
    assert.equal((await shop.memories.get(memory!.id, claude)).content, 'Better words');
  });

  it('tells what was removed, and forgets it only when asked', async () => {
    await using shop = await repository();
    await writeFiles(shop.root, { 'docs/old.md': 'Long ago.' });
    await shop.import(shop.root);
    await rm(join(shop.root, 'docs/old.md'));
    const told = await shop.import(shop.root);
    assert.deepEqual(told.removed, ['markdown:github.com/ada/shop/docs/old.md#top-1']);
    assert.equal((await shop.all()).length, 4);
    const dry = await shop.import(shop.root, 'auto', { prune: true, dryRun: true });
    assert.deepEqual([dry.removed.length, dry.pruned], [1, 0]);
    assert.equal((await shop.import(shop.root, 'auto', { prune: true })).pruned, 1);
    assert.equal((await shop.all()).length, 3);
  });

  it('does not take the rest of a repository for removed when a part is imported', async () => {
    await using shop = await repository();
    await writeFiles(shop.root, { 'docs/a.md': 'Alpha.', 'docs-old/b.md': 'Beta.', 'READ.md': 'Gamma.' });
    await shop.import(shop.root);
    for (const part of ['docs', 'docs/a.md', 'READ.md', 'README.md']) {
      const { added, removed } = await shop.import(join(shop.root, part), 'markdown', { prune: true });
      assert.deepEqual([part, added, removed], [part, 0, []]);
    }
    assert.equal((await shop.all()).length, 6);
  });

  it('leaves out what git ignores and others’ packages, follows no link, and reads odd names', async () => {
    await using shop = await repository();
    const { symlink } = await import('node:fs/promises');
    await writeFiles(shop.root, {
      '.gitignore': 'private/\n',
      'private/diary.md': 'Secret.',
      'node_modules/pkg/README.md': 'Not ours.',
      'notes/ünïcödé "quoted" \n.md': 'Odd name.',
      '.github/copilot-instructions.md': 'Use tabs.',
      'picture.png': 'x',
    });
    await symlink('/etc', join(shop.root, 'link'));
    await shop.import(shop.root);
    const contents = (await shop.all()).map(memory => memory.content);
    assert.ok(contents.includes('Odd name.') && contents.includes('Use tabs.'));
    assert.equal(contents.length, 5);
    assert.equal((await shop.all()).find(memory => memory.content === 'Use tabs.')?.priority, 'high');
    assert.equal((await shop.import(shop.root)).unchanged, 5);
  });

  it('reads nothing outside that a link in a cloned repository leads to', async () => {
    await using shop = await repository();
    await using outside = await temporaryFolder();
    const { symlink } = await import('node:fs/promises');
    await writeFiles(outside.path, { 'key.md': 'Of nobody but me.' });
    await writeFiles(shop.root, { 'AGENTS.md': 'Use tabs.' });
    await symlink(join(outside.path, 'key.md'), join(shop.root, 'notes.md'));
    await symlink('AGENTS.md', join(shop.root, 'CLAUDE.md'));
    await symlink(join(outside.path, 'key.md'), join(shop.root, 'CLAUDE.local.md'));
    const found = await shop.import(shop.root);
    assert.deepEqual(
      found.problems.map(one => one.where),
      ['CLAUDE.local.md', 'notes.md'],
    );
    assert.equal((await shop.import(shop.root, 'claude')).skipped, 1);
    const contents = (await shop.all()).map(memory => memory.content);
    assert.ok(contents.includes('Use tabs.') && !contents.includes('Of nobody but me.'));
    assert.equal((await shop.import(join(shop.root, 'notes.md'))).added, 1);
  });

  it('works without a repository, telling two folders of one name apart', async () => {
    await using folder = await temporaryFolder();
    await using memory = await openTransfer(folder.path);
    for (const one of ['a', 'b']) {
      await writeFiles(join(folder.path, one, 'notes'), { 'x.md': `Note of ${one}` });
      assert.equal((await memory.import(join(folder.path, one, 'notes'), 'auto', { prune: true })).added, 1);
    }
    assert.equal((await memory.all()).length, 2);
  });

  it('skips what is no text, says why, and takes the rest', async () => {
    await using shop = await repository();
    await writeFile(join(shop.root, 'binary.md'), Buffer.from([0xff, 0xfe, 0x00, 0xd8]));
    await writeFiles(shop.root, { 'empty.md': '', 'title.md': '# Only a title\n' });
    const { added, skipped, problems } = await shop.import(shop.root);
    assert.deepEqual([added, skipped, problems[0]?.where], [3, 1, 'binary.md']);
    assert.match(problems[0]?.reason ?? '', /UTF-8/);
  });

  it('counts equal sections once', async () => {
    await using shop = await repository();
    await writeFiles(shop.root, { 'a.md': 'The same words.', 'b.md': 'The same words.' });
    const first = await shop.import(shop.root);
    assert.deepEqual([first.added, first.duplicates], [4, 1]);
    const second = await shop.import(shop.root);
    assert.deepEqual([second.added, second.updated, second.unchanged, second.duplicates], [0, 0, 4, 1]);
  });

  it('masks secrets and says in how many', async () => {
    await using shop = await repository();
    const key = `ghp_${'a1B2c3D4'.repeat(4)}e5F6`;
    await writeFiles(shop.root, { 'keys.md': `The token is ${key}, keep it.` });
    assert.equal((await shop.import(shop.root)).masked, 1);
    assert.ok((await shop.all()).every(memory => !memory.content.includes(key)));
    assert.equal((await shop.import(shop.root)).unchanged, 4);
  });
});
