import assert from 'node:assert/strict';
import { join } from 'node:path';
import { builtProgram } from '../../fixtures/builtPrograms.ts';
import { claudeCode } from '../../fixtures/claudeCode.ts';
import { httpMemory } from '../../fixtures/httpMemory.ts';
import { scriptedModel } from '../../fixtures/scriptedModel.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

describe('the real Claude Code', function () {
  this.timeout(300_000);

  it('connects over stdio', async () => {
    await using home = await temporaryFolder();
    const claude = await claudeCode(home.path);
    const data = join(home.path, 'memories');
    const server = [process.execPath, await builtProgram('mcp')];
    await claude.print(
      'mcp',
      'add',
      'memory-central',
      '--env',
      `MEMORY_CENTRAL_HOME=${data}`,
      '--',
      ...server,
    );
    assert.match(await claude.print('mcp', 'list'), /memory-central: .*Connected/);
  });

  it('connects over HTTP with the token', async () => {
    await using home = await temporaryFolder();
    await using memory = await httpMemory({ token: 'secret-of-this-test' });
    const claude = await claudeCode(home.path);
    const header = 'Authorization: Bearer secret-of-this-test';
    await claude.print('mcp', 'add', '--transport', 'http', 'memory-central', memory.url, '--header', header);
    assert.match(await claude.print('mcp', 'list'), /memory-central: .*Connected/);
  });

  it('calls our tools as a model says', async () => {
    await using home = await temporaryFolder();
    await using memory = await httpMemory({ token: 'secret-of-this-test' });
    await using model = await scriptedModel([
      { call: [{ tool: 'store_memory', input: { content: 'Prices are stored in cents.' } }] },
      { call: [{ tool: 'semantic_search', input: { query: 'prices' } }] },
      ({ results }) => ({ say: `Found: ${results.at(-1)}` }),
    ]);
    const claude = await claudeCode(home.path);
    const header = 'Authorization: Bearer secret-of-this-test';
    await claude.print('mcp', 'add', '--transport', 'http', 'memory', memory.url, '--header', header);
    const { stdout, stderr } = await claude.run(
      ['-p', 'Remember', '--allowedTools', 'mcp__memory'],
      model.env,
    );
    assert.match(stdout, /^Found: .*Prices are stored in cents\./s, stderr);
    assert.equal(model.requests.length, 3);
  });
});
