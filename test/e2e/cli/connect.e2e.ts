import assert from 'node:assert/strict';
import { claudeCode } from '../../fixtures/claudeCode.ts';
import { cliHome } from '../../fixtures/cli.ts';

describe('memory-central connect claude', function () {
  this.timeout(300_000);

  it('is what the real Claude Code connects with, and --remove takes away', async () => {
    await using cli = await cliHome();
    const claude = await claudeCode(cli.home);
    assert.equal((await cli.run(['connect', 'claude', '--yes'])).code, 0);
    assert.match(await claude.print('mcp', 'list'), /memory-central: .*bin\/memory-central mcp .*Connected/);
    assert.equal((await cli.run(['connect', 'claude', '--remove', '--yes'])).code, 0);
    assert.ok(!(await claude.print('mcp', 'list')).includes('memory-central'));
  });
});
