import assert from 'node:assert/strict';
import { cliHome } from '../../fixtures/cli.ts';

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
    assert.match(made.stdout, /^mc_[0-9a-f]{12}_[\w-]{43}\nThe token of ci, shown this once/);
    const listed = await cli.run(['token', 'list']);
    assert.match(listed.stdout, /ci {2}read tasks {2}shop lab {2}until \d{4}-\d\d-\d\d {2}never used/);
    assert.ok(!listed.stdout.includes('mc_'));
    const replaced = await cli.json(['token', 'rotate', 'ci']);
    assert.deepEqual(replaced['namespaces'], ['shop', 'lab']);
    assert.notEqual(replaced['token'], made.stdout.split('\n')[0]);
    assert.equal(((await cli.json(['token', 'list']))['tokens'] as unknown[]).length, 1);
    await cli.run(['token', 'revoke', 'ci']);
    assert.match((await cli.run(['token', 'list'])).stdout, /There are no tokens/);
  });
});
