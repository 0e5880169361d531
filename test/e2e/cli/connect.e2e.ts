import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedPackage } from '../../fixtures/cachedPackage.ts';
import { cliHome } from '../../fixtures/cli.ts';
import { node24 } from '../../fixtures/node24.ts';

const VERSION = '2.1.329';

describe('memory-central connect claude', function () {
  this.timeout(300_000);

  it('is what the real Claude Code connects with, and --remove takes away', async () => {
    await using cli = await cliHome();
    const [folder, node] = await Promise.all([cachedPackage('@anthropic-ai/claude-code', VERSION), node24()]);
    const cwd = join(cli.home, 'project');
    await mkdir(cwd);
    const env = {
      PATH: process.env['PATH'],
      HOME: cli.home,
      USERPROFILE: cli.home,
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    };
    const claude = async (...args: string[]) => {
      const program = join(folder, 'cli-wrapper.cjs');
      return (await promisify(execFile)(node, [program, ...args], { cwd, env, timeout: 120_000 })).stdout;
    };
    assert.equal((await cli.run(['connect', 'claude', '--yes'])).code, 0);
    assert.match(await claude('mcp', 'list'), /memory-central: .*bin\/memory-central mcp .*Connected/);
    assert.equal((await cli.run(['connect', 'claude', '--remove', '--yes'])).code, 0);
    assert.ok(!(await claude('mcp', 'list')).includes('memory-central'));
  });
});
