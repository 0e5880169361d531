import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtProgram } from '../../fixtures/builtPrograms.ts';
import { cachedPackage } from '../../fixtures/cachedPackage.ts';
import { httpMemory } from '../../fixtures/httpMemory.ts';
import { node24 } from '../../fixtures/node24.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const VERSION = '2.1.329';

/** The real Claude Code, with a home of its own and no account. */
async function claudeIn(home: string): Promise<(...args: string[]) => Promise<string>> {
  const [folder, node] = await Promise.all([cachedPackage('@anthropic-ai/claude-code', VERSION), node24()]);
  const cwd = join(home, 'project');
  await mkdir(cwd);
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    USERPROFILE: home,
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
  return async (...args) => {
    const program = join(folder, 'cli-wrapper.cjs');
    const { stdout } = await promisify(execFile)(node, [program, ...args], { cwd, env, timeout: 120_000 });
    return stdout;
  };
}

describe('the real Claude Code', function () {
  this.timeout(300_000);

  it('connects over stdio', async () => {
    await using home = await temporaryFolder();
    const claude = await claudeIn(home.path);
    const data = join(home.path, 'memories');
    const server = [process.execPath, await builtProgram('mcp')];
    await claude('mcp', 'add', 'memory-central', '--env', `MEMORY_CENTRAL_HOME=${data}`, '--', ...server);
    assert.match(await claude('mcp', 'list'), /memory-central: .*Connected/);
  });

  it('connects over HTTP with the token', async () => {
    await using home = await temporaryFolder();
    await using memory = await httpMemory({ token: 'secret-of-this-test' });
    const claude = await claudeIn(home.path);
    const header = 'Authorization: Bearer secret-of-this-test';
    await claude('mcp', 'add', '--transport', 'http', 'memory-central', memory.url, '--header', header);
    assert.match(await claude('mcp', 'list'), /memory-central: .*Connected/);
  });
});
