import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { loadSettings } from '../../../src/config/loadSettings.ts';
import { TOOL_SETS, type ToolSet, toolSetsOf } from '../../../src/engine/model/toolSets.ts';
import { findTool, toolsFor } from '../../../src/tools/registry.ts';
import { builtProgram } from '../../fixtures/builtPrograms.ts';
import { cliHome } from '../../fixtures/cli.ts';
import { httpMemory } from '../../fixtures/httpMemory.ts';
import { clientOf, type StdioPlace, stdioTransport } from '../../fixtures/mcpClient.ts';
import { refused } from '../../fixtures/openTools.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const namesOf = (...sets: readonly ToolSet[]) =>
  toolsFor('mcp')
    .filter(({ set }) => sets.includes(set))
    .map(({ name }) => name);

/** What a client of the stdio server is offered. */
async function offered(place: StdioPlace): Promise<readonly string[]> {
  const client = clientOf('2025-11-25');
  await client.connect(await stdioTransport(place));
  const { tools } = await client.listTools();
  await client.close();
  return tools.map(({ name }) => name);
}

describe('the sets of tools', function () {
  this.timeout(60_000);

  it('are all offered unless a setting says otherwise', async () => {
    await using home = await temporaryFolder();
    assert.deepEqual(await offered({ home: home.path }), namesOf(...TOOL_SETS));
    assert.ok(namesOf('memory').length >= 9 && namesOf('tasks').length === 6);
  });

  it('that are switched off are neither listed nor called', async () => {
    await using home = await temporaryFolder();
    const client = clientOf('2025-11-25');
    const env = { MEMORY_TOOLS: 'memory, agents' };
    await client.connect(await stdioTransport({ home: home.path, env }));
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      namesOf('memory', 'agents'),
    );
    await assert.rejects(
      client.callTool({ name: 'distribute_task', arguments: { title: 'x' } }),
      /Unknown tool: distribute_task/,
    );
    const batch = { operations: [{ op: 'distribute_task', args: { title: 'x' } }] };
    const { structuredContent } = await client.callTool({ name: 'batch_operations', arguments: batch });
    assert.equal((structuredContent as { failed: number }).failed, 1);
    await client.close();
  });

  it('are said by a file of the data directory, too', async () => {
    await using home = await temporaryFolder();
    await writeFile(join(home.path, 'memory-central.toml'), '[tools]\nsets = "tasks"\n');
    assert.deepEqual(await offered({ home: home.path }), namesOf('tasks'));
    const env = { MEMORY_TOOLS: 'memory' };
    assert.deepEqual(await offered({ home: home.path, env }), namesOf('memory'));
  });

  it('are said by --tools, for both servers', async () => {
    await using cli = await cliHome();
    const client = clientOf('2025-11-25');
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [await builtProgram('cli'), 'mcp', '--tools', 'tasks,agents'],
        stderr: 'pipe',
        env: { MEMORY_CENTRAL_HOME: cli.data, EMBEDDING_PROVIDER: 'off' },
      }),
    );
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      namesOf('tasks', 'agents'),
    );
    // It speaks of searching memories, which this client cannot.
    assert.equal(client.getInstructions(), undefined);
    await client.close();
    for (const server of ['mcp', 'serve']) {
      const { code, stdout, stderr } = await cli.run([server, '--tools', 'memory,games']);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        /^error: .*tools\.sets \(--tools\): .*"games" is no set of tools; there are memory, tasks, agents, admin\.\nCorrect them/,
      );
      assert.match((await cli.run([server, '--help'])).stdout, /--tools <sets> +sets of tools/);
    }
  });

  it('are the same over HTTP', async () => {
    await using memory = await httpMemory({ sets: ['tasks'] });
    const client = clientOf('2026-07-28');
    await client.connect(memory.transport());
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      namesOf('tasks'),
    );
    await assert.rejects(
      client.callTool({ name: 'store_memory', arguments: { content: 'x' } }),
      /Unknown tool: store_memory/,
    );
    await client.close();
  });

  it('are named in any order, and none is no answer', async () => {
    const of = (list: string) =>
      toolSetsOf(loadSettings({ env: {}, folders: [], overrides: { 'tools.sets': list } })['tools.sets']);
    assert.deepEqual(of(' agents,memory memory'), ['memory', 'agents']);
    await refused((async () => of(' , '))(), 'invalid_input', /names no set of tools; there are memory/);
    await refused((async () => of('Memory'))(), 'invalid_input', /"Memory" is no set of tools/);
    assert.ok(namesOf(...TOOL_SETS).every(name => findTool(name)));
  });
});
