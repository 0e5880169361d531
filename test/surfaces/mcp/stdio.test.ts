import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { packageRoot } from '../../../src/main/assets.ts';
import { listTools } from '../../../src/surfaces/mcp/toolListing.ts';
import { builtProgram } from '../../fixtures/builtPrograms.ts';
import { callTool, clientOf, ERAS, stdioTransport, textOf } from '../../fixtures/mcpClient.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

describe('the stdio server', function () {
  this.timeout(60_000);

  for (const era of ERAS) {
    it(`stores and recalls for a client of ${era}`, async () => {
      await using home = await temporaryFolder();
      const client = clientOf(era);
      await client.connect(await stdioTransport({ home: home.path }));
      const { tools } = await client.listTools();
      assert.ok(tools.some(tool => tool.name === 'semantic_search' && tool.annotations?.readOnlyHint));
      const { id } = await callTool(client, 'store_memory', { content: 'The linter is Biome' });
      const { memories } = await callTool(client, 'semantic_search', { query: 'which linter' });
      assert.deepEqual(
        (memories as unknown as { id: string }[]).map(memory => memory.id),
        [id],
      );
      const whole = await callTool(client, 'retrieve_memory', { memory_id: id });
      assert.equal(whole['agent_id'], 'claude-code');
      await client.close();
    });

    it(`tells a client of ${era} what changed among the resources it watches`, async () => {
      await using home = await temporaryFolder();
      const client = clientOf(era);
      const updated = new Promise<string>(resolve =>
        client.setNotificationHandler('notifications/resources/updated', ({ params }) => resolve(params.uri)),
      );
      const listed = new Promise<void>(resolve =>
        client.setNotificationHandler('notifications/resources/list_changed', () => resolve()),
      );
      await client.connect(await stdioTransport({ home: home.path }));
      const uri = 'memory://recent';
      if (era === '2025-11-25') await client.subscribeResource({ uri });
      else await client.listen({ resourceSubscriptions: [uri], resourcesListChanged: true });
      let stored = 0;
      const storing = setInterval(() => {
        stored += 1;
        callTool(client, 'store_memory', { content: `Fact ${stored}` }).catch(() => {});
      }, 100);
      assert.equal(await updated, uri);
      await listed;
      clearInterval(storing);
      await client.close();
    });
  }

  it('says what is wrong with an argument, and that a tool does not exist', async () => {
    await using home = await temporaryFolder();
    const client = clientOf('2025-11-25');
    await client.connect(await stdioTransport({ home: home.path }));
    const result = await client.callTool({ name: 'store_memory', arguments: { text: 'x' } });
    assert.equal(result.isError, true);
    assert.match(textOf(result), /^invalid_input: .*unknown argument "text".*takes: content/s);
    await assert.rejects(
      client.callTool({ name: 'store_memories', arguments: {} }),
      /Unknown tool: store_memories/,
    );
    await client.close();
  });

  it("writes to the namespace of the client's root", async () => {
    await using home = await temporaryFolder();
    const client = new Client({ name: 'x', version: '1' }, { capabilities: { roots: {} } });
    client.setRequestHandler('roots/list', () => ({ roots: [{ uri: pathToFileURL(packageRoot).href }] }));
    await client.connect(await stdioTransport({ home: home.path }));
    const inRoot = await callTool(client, 'store_memory', { content: 'in the root' });
    await client.close();
    const rootless = clientOf('2025-11-25');
    await rootless.connect(await stdioTransport({ home: home.path, cwd: packageRoot }));
    const inFolder = await callTool(rootless, 'store_memory', { content: 'in the working directory' });
    assert.equal(inFolder['namespace'], inRoot['namespace']);
    await rootless.close();
  });

  it('answers everything piped in, writes nothing else to stdout, and ends', async () => {
    await using home = await temporaryFolder();
    const server = spawn(process.execPath, [await builtProgram('mcp')], {
      cwd: home.path,
      env: {
        PATH: process.env['PATH'],
        MEMORY_CENTRAL_HOME: home.path,
        EMBEDDING_PROVIDER: 'off',
        MEMORY_LOG_LEVEL: 'debug',
      },
    });
    const lines: string[] = [];
    server.stdout.setEncoding('utf8').on('data', chunk => lines.push(chunk));
    server.stderr.resume();
    const handshake = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'pipe', version: '1' },
    };
    const call = { name: 'store_memory', arguments: { content: 'piped' } };
    for (const message of [
      { id: 1, method: 'initialize', params: handshake },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/list' },
      { id: 3, method: 'tools/call', params: call },
    ]) {
      server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    }
    server.stdin.end('this is no JSON\n');
    const [code] = await once(server, 'close');
    assert.equal(code, 0);
    const answers = lines
      .join('')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { jsonrpc: string; id: number });
    assert.ok(answers.every(answer => answer.jsonrpc === '2.0'));
    assert.deepEqual(answers.map(answer => answer.id).sort(), [1, 2, 3]);
  });

  it('answers whoever waits for a task when the input ends, and ends', async () => {
    await using home = await temporaryFolder();
    const server = spawn(process.execPath, [await builtProgram('mcp')], {
      cwd: home.path,
      env: { PATH: process.env['PATH'], MEMORY_CENTRAL_HOME: home.path, EMBEDDING_PROVIDER: 'off' },
    });
    const answers = new Map<number, { result?: { structuredContent?: Record<string, unknown> } }>();
    const lines = createInterface({ input: server.stdout });
    lines.on('line', line => {
      const answer = JSON.parse(line);
      answers.set(answer.id, answer);
    });
    server.stderr.resume();
    const handshake = {
      ...{ protocolVersion: '2025-11-25', capabilities: {} },
      clientInfo: { name: 'pipe', version: '1' },
    };
    const waits = { claim: true, wait_seconds: 50 };
    for (const message of [
      { id: 1, method: 'initialize', params: handshake },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/call', params: { name: 'get_pending_tasks', arguments: waits } },
      { id: 3, method: 'tools/call', params: { name: 'list_agents', arguments: {} } },
    ])
      server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    while (!answers.has(3)) await once(lines, 'line');
    server.stdin.end();
    const [code] = await once(server, 'close');
    assert.deepEqual([code, answers.get(2)?.result?.structuredContent?.['tasks']], [0, []]);
  });

  it('says which message is too long or none at all, and serves on', async () => {
    await using home = await temporaryFolder();
    const server = spawn(process.execPath, [await builtProgram('mcp')], {
      cwd: home.path,
      env: { PATH: process.env['PATH'], MEMORY_CENTRAL_HOME: home.path, EMBEDDING_PROVIDER: 'off' },
    });
    let output = '';
    server.stdout.setEncoding('utf8').on('data', chunk => {
      output += chunk;
    });
    server.stderr.resume();
    const huge = { name: 'store_memory', arguments: { content: 'x'.repeat(9_000_000) } };
    server.stdin.write(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${JSON.stringify(huge)}}\n`);
    server.stdin.write(`{"method":"tools/call","params":${JSON.stringify(huge)},"jsonrpc":"2.0","id":"b"}\n`);
    server.stdin.write('{"jsonrpc":"2.0","id":3,"method":"tools/call","params":5}\n');
    server.stdin.end('{"jsonrpc":"2.0","id":4,"method":"ping"}\n');
    await once(server, 'close');
    const answers = output
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { id: unknown; error?: { code: number; message: string } });
    assert.deepEqual(
      answers.map(({ id, error }) => [id, error?.code]),
      [
        [1, -32600],
        ['b', -32600],
        [3, -32600],
        [4, undefined],
      ],
    );
    assert.match(answers[0]!.error!.message, /at most 8388608 bytes; nothing was changed/);
  });

  it('ends cleanly on SIGTERM', async () => {
    await using home = await temporaryFolder();
    const server = spawn(process.execPath, [await builtProgram('mcp')], {
      cwd: home.path,
      env: { PATH: process.env['PATH'], MEMORY_CENTRAL_HOME: home.path },
    });
    server.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    await once(server.stdout, 'data');
    server.kill('SIGTERM');
    const [code, signal] = await once(server, 'exit');
    assert.deepEqual([code, signal], [0, null]);
  });

  it('lists what the tools say now: the written listing is up to date', async () => {
    await builtProgram('mcp');
    const written = JSON.parse(await readFile(join(packageRoot, 'dist', 'mcp-listing.json'), 'utf8'));
    assert.deepEqual(written.tools, JSON.parse(JSON.stringify(listTools())));
  });
});
