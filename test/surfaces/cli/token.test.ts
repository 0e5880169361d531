import assert from 'node:assert/strict';
import { cliHome } from '../../fixtures/cli.ts';

const TOKEN = /^mc_[0-9a-f]{12}_[\w-]{43}\n$/;

describe('memory-central token', function () {
  this.timeout(60_000);

  it('makes, lists, replaces and revokes tokens', async () => {
    await using cli = await cliHome();
    const made = await cli.run([
      'token',
      'create',
      'ci',
      '--scopes',
      'read,tasks',
      '--namespaces',
      'shop,lab',
    ]);
    assert.match(made.stdout, TOKEN);
    assert.match(made.stderr, /^The token of ci, shown this once/);
    const listed = await cli.run(['token', 'list']);
    assert.match(listed.stdout, /ci {2}read tasks {2}shop lab {2}until \d{4}-\d\d-\d\d {2}never used/);
    assert.ok(!listed.stdout.includes('mc_'));
    const replaced = await cli.json(['token', 'rotate', 'ci']);
    assert.deepEqual(replaced['namespaces'], ['shop', 'lab']);
    assert.notEqual(replaced['token'], made.stdout.trim());
    assert.equal(((await cli.json(['token', 'list']))['tokens'] as unknown[]).length, 1);
    await cli.run(['token', 'revoke', 'ci']);
    assert.match((await cli.run(['token', 'list'])).stdout, /There are no tokens/);
  });

  it('tells of two tokens of one name which ends soon', async () => {
    await using cli = await cliHome();
    await cli.run(['token', 'create', 'ci']);
    await cli.run(['token', 'rotate', 'ci', '--grace-seconds', '3600']);
    const { stdout } = await cli.run(['token', 'list']);
    assert.equal(stdout.match(/until \d{4}-\d\d-\d\dT\d\d:\d\dZ /g)?.length, 1, stdout);
    assert.equal(stdout.match(/until \d{4}-\d\d-\d\d /g)?.length, 1, stdout);
  });

  it('leaves a script the token, and nothing else', async () => {
    await using cli = await cliHome();
    assert.match((await cli.run(['-q', 'token', 'create', 'ci'])).stdout, TOKEN);
    assert.match((await cli.run(['create-token', '--name', 'other'])).stdout, TOKEN);
  });

  it('says what to type', async () => {
    await using cli = await cliHome();
    const { stderr } = await cli.run(['token', 'create']);
    assert.match(stderr, /Type: memory-central token create <name>/);
    const wrong = await cli.run(['token', 'create', 'ci', '--scopes', 'all']);
    assert.match(wrong.stderr, /See memory-central token create --help/);
  });
});
