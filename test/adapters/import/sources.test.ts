import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryError } from '../../../src/engine/errors.ts';
import { gitFolder, writeFiles } from '../../fixtures/gitFolder.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { openTransfer } from '../../fixtures/transfer.ts';

async function opened() {
  const folder = await temporaryFolder();
  const memory = await openTransfer(folder.path);
  return {
    folder: folder.path,
    ...memory,
    async [Symbol.asyncDispose]() {
      await memory[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('importing git history', () => {
  it('makes a memory a commit: message, files, time, author', async () => {
    await using memory = await opened();
    const root = join(memory.folder, 'shop');
    await writeFiles(root, { 'a.txt': '1' });
    const { commit } = gitFolder(root);
    const first = await commit('Add "a"\n\nBecause\n\n  it was missing', {});
    const second = await commit('Umlauts: äöü', { 'src/ö ä.ts': 'x', 'a.txt': '2' }, '2026-02-03T00:00:00Z');
    await commit('Nothing changed', {}, '2026-02-04T00:00:00Z');
    assert.equal((await memory.import(root, 'git')).added, 3);
    const byId = new Map((await memory.all()).map(one => [one.externalId, one]));
    assert.equal(
      byId.get(`git:${first}`)?.content,
      'Add "a"\n\nBecause\n\n  it was missing\n\nFiles:\na.txt',
    );
    const umlauts = byId.get(`git:${second}`)!;
    assert.equal(umlauts.content, 'Umlauts: äöü\n\nFiles:\na.txt\nsrc/ö ä.ts');
    assert.equal(umlauts.createdAt, Date.parse('2026-02-03T00:00:00Z'));
    assert.equal(umlauts.metadata['author'], 'Ada');
    assert.deepEqual(umlauts.anchors[1], {
      repository: 'github.com/ada/shop',
      path: 'src/ö ä.ts',
      commit: second,
    });
    const again = await memory.import(root, 'git');
    assert.deepEqual([again.added, again.unchanged], [0, 3]);
  });

  it('takes the newest, or those since a day, and forgets none of the others', async () => {
    await using memory = await opened();
    const { commit } = gitFolder(memory.folder);
    for (let i = 0; i < 4; i++)
      await commit(`Change ${i}`, { [`${i}.txt`]: '' }, `2026-01-0${i + 1}T00:00:00Z`);
    assert.equal((await memory.import(memory.folder, 'git', { max: 1 })).added, 1);
    assert.equal((await memory.all())[0]?.content, 'Change 3\n\nFiles:\n3.txt');
    const rest = await memory.import(memory.folder, 'git', { prune: true });
    assert.deepEqual([rest.added, rest.unchanged, rest.removed], [3, 1, []]);
  });

  it('finds nothing in a repository without a commit', async () => {
    await using folder = await temporaryFolder();
    await using memory = await openTransfer(folder.path);
    gitFolder(folder.path);
    const { added, skipped } = await memory.import(folder.path, 'git');
    assert.deepEqual([added, skipped], [0, 0]);
  });

  it('refuses a folder without a repository, and a hostile configuration runs nothing', async () => {
    await using memory = await opened();
    await assert.rejects(memory.import(memory.folder, 'git'), error =>
      MemoryError.is(error, 'invalid_input'),
    );
    const { git, commit } = gitFolder(memory.folder);
    await commit('One', { 'x.md': 'Text.' });
    const trap = join(memory.folder, 'trapped');
    git('config', 'core.fsmonitor', `touch ${trap}; false`);
    git('config', 'log.showSignature', 'true');
    git('config', 'gpg.program', `touch ${trap}`);
    assert.equal((await memory.import(memory.folder, 'git')).added, 1);
    assert.equal((await memory.import(memory.folder, 'markdown')).added, 1);
    const { existsSync } = await import('node:fs');
    assert.ok(!existsSync(trap));
  });
});

describe('importing the memory of MCP’s reference server', () => {
  const lines = [
    '{"type":"entity","name":"Ada","entityType":"person","observations":["likes tea","works on shop"]}',
    '{"type":"entity","name":"shop","entityType":"project","observations":[]}',
    '{"type":"relation","from":"Ada","to":"shop","relationType":"maintains"}',
    '{"type":"relation","from":"Bob","to":"shop","relationType":"uses"}',
  ];

  it('makes a memory an entity, with its relations in words', async () => {
    await using memory = await opened();
    const file = join(memory.folder, 'memory.jsonl');
    await writeFile(file, lines.join('\n'));
    assert.equal((await memory.import(file)).added, 3);
    assert.deepEqual((await memory.all()).map(one => one.content).sort(), [
      'Ada (person)\n- likes tea\n- works on shop\n- Ada maintains shop',
      'Bob\n- Bob uses shop',
      'shop (project)',
    ]);
    await appendFile(file, '\n{"type":"relation","from":"Ada","to":"Bob","relationType":"knows"}\n');
    const second = await memory.import(file);
    assert.deepEqual([second.added, second.updated, second.unchanged], [0, 1, 2]);
  });

  it('reports lines that are neither and takes the others', async () => {
    await using memory = await opened();
    const file = join(memory.folder, 'memory.jsonl');
    await writeFile(file, [lines[0], '{"type":"enti', '{"type":"entity"}', lines[1]].join('\r\n'));
    const { added, problems } = await memory.import(file);
    assert.equal(added, 2);
    assert.deepEqual(
      problems.map(problem => problem.where),
      ['memory.jsonl:2', 'memory.jsonl:3'],
    );
  });
});

describe('importing Claude Code’s memory files', () => {
  it('takes those of the project to it and those of the user to global', async () => {
    await using memory = await opened();
    const root = join(memory.folder, 'my.shop');
    const slug = root.replace(/[^A-Za-z0-9]/g, '-');
    await writeFiles(root, {
      'CLAUDE.md': '# Rules\n\nUse tabs.',
      'CLAUDE.local.md': 'My sandbox is on port 3000.',
      '.claude/rules/sql.md': 'No raw SQL.',
      'README.md': 'Not for Claude.',
    });
    gitFolder(root);
    await writeFiles(join(memory.folder, 'claude-home'), {
      'CLAUDE.md': 'Answer in German.',
      'rules/tests.md': 'Test first.',
      [`projects/${slug}/memory/MEMORY.md`]: 'The build needs Java.',
      'projects/-another/memory/MEMORY.md': 'Of another project.',
    });
    assert.equal((await memory.import(root, 'claude')).added, 6);
    const contents = async (namespace: string) =>
      (await memory.all(namespace)).map(one => one.content).sort();
    assert.deepEqual(await contents('shop'), [
      'My sandbox is on port 3000.',
      'No raw SQL.',
      'Rules\n\nUse tabs.',
      'The build needs Java.',
    ]);
    assert.deepEqual(await contents('global'), ['Answer in German.', 'Test first.']);
    const again = await memory.import(root, 'claude', { prune: true });
    assert.deepEqual([again.added, again.unchanged, again.removed], [0, 6, []]);
  });
});

describe('importing', () => {
  it('splits what is too long for one memory, and cuts nothing', async () => {
    await using memory = await opened();
    const file = join(memory.folder, 'memory.jsonl');
    const observations = Array.from({ length: 30 }, (_, i) => `${i} ${'long words '.repeat(1000)}`);
    await writeFile(
      file,
      JSON.stringify({ type: 'entity', name: 'ü'.repeat(300), entityType: 'x', observations }),
    );
    const { added, skipped } = await memory.import(file);
    assert.deepEqual([added, skipped], [4, 0]);
    const parts = (await memory.all()).toSorted((a, b) => (a.externalId! < b.externalId! ? -1 : 1));
    const whole = parts.map(part => part.content).join('');
    for (const observation of observations) assert.ok(whole.includes(observation));
    assert.equal((await memory.import(file)).unchanged, 4);
  });

  it('refuses what it cannot know, naming the kinds', async () => {
    await using memory = await opened();
    const file = join(memory.folder, 'data.csv');
    await writeFile(file, 'a,b\n');
    await assert.rejects(memory.import(file), error => MemoryError.is(error, 'invalid_input'));
    await assert.rejects(memory.import(join(memory.folder, 'missing')), error =>
      MemoryError.is(error, 'not_found'),
    );
    await assert.rejects(memory.import(memory.folder, 'jsonl'), error =>
      MemoryError.is(error, 'invalid_input'),
    );
  });

  it('stops when it is told to, and goes on from there the next time', async () => {
    await using memory = await opened();
    const entity = (i: number) => `{"type":"entity","name":"e${i}","observations":["fact ${i}"]}`;
    const file = join(memory.folder, 'memory.jsonl');
    await writeFile(file, Array.from({ length: 1200 }, (_, i) => entity(i)).join('\n'));
    const { claude } = await import('../../fixtures/callers.ts');
    const stop = new AbortController();
    const stopped = memory.transfer.import(
      { path: file, kind: 'auto' },
      { prune: false, dryRun: false },
      claude,
      stop.signal,
      done => {
        if (done >= 500) stop.abort(new MemoryError('cancelled', 'Enough.', 'Go on later.'));
      },
    );
    await assert.rejects(stopped, error => MemoryError.is(error, 'cancelled'));
    const { added, unchanged } = await memory.import(file);
    assert.deepEqual([added + unchanged, unchanged], [1200, 500]);
  });
});
