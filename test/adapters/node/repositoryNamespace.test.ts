import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { normaliseRemote, repositoryNamespace } from '../../../src/adapters/node/repositoryNamespace.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

describe('repositoryNamespace', () => {
  for (const remote of [
    'git@github.com:Owner/Name.git',
    'https://github.com/owner/name',
    'https://user:secret@github.com/owner/name.git/',
    'ssh://git@github.com:22/owner/name.git',
  ]) {
    it(`reads ${remote.replace(/user:.*@/, '…@')} as one repository`, () => {
      assert.equal(normaliseRemote(remote), 'github.com/owner/name');
    });
  }

  it('takes no path of this machine for a remote', () => {
    assert.equal(normaliseRemote('/srv/git/name.git'), undefined);
    assert.equal(normaliseRemote('file:///srv/git/name.git'), undefined);
  });

  it('is the same anywhere in a repository, prefers origin', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, '.git'));
    await mkdir(join(folder.path, 'a', 'b'), { recursive: true });
    const config =
      '[remote "fork"]\n\turl = git@x.org:f/n.git\n[remote "origin"]\n\turl = git@x.org:o/n.git\n';
    await writeFile(join(folder.path, '.git', 'config'), config);
    assert.equal(repositoryNamespace(join(folder.path, 'a', 'b')), 'x.org/o/n');
  });

  it('tells two folders of one name apart', async () => {
    await using folder = await temporaryFolder();
    const names = ['one', 'two'].map(parent => join(folder.path, parent, 'api'));
    for (const name of names) await mkdir(name, { recursive: true });
    const [one, two] = names.map(repositoryNamespace);
    assert.match(one!, /^api-[0-9a-f]{8}$/);
    assert.notEqual(one, two);
  });
});
