import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { packageRoot } from '../../src/main/assets.ts';
import { callTool, clientOf } from '../fixtures/mcpClient.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

describe('npm start', function () {
  this.timeout(180_000);

  it('imports this documentation, answers a question with it, and serves it', async () => {
    await using home = await temporaryFolder();
    const port = await freePort();
    const start = spawn(process.execPath, [join(packageRoot, 'scripts', 'start.mjs')], {
      cwd: packageRoot,
      env: { ...process.env, MEMORY_CENTRAL_HOME: home.path, MCP_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const served = new Promise<void>((resolve, reject) => {
      for (const stream of [start.stdout, start.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          if (said.includes(`serves MCP at http://127.0.0.1:${port}/mcp`)) resolve();
        });
      start.once('exit', () => reject(new Error(`It ended:\n${said}`)));
    });
    try {
      await served;
      assert.match(said, /Added \d\d/);
      assert.match(said, /Acknowledged is on disk/);
      assert.match(said, /connect claude/);
      const token = await readFile(join(home.path, 'http-token'), 'utf8');
      const client = clientOf('2026-07-28');
      await client.connect(
        new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`), {
          requestInit: { headers: { authorization: `Bearer ${token.trim()}` } },
        }),
      );
      const found = await callTool(client, 'semantic_search', { query: 'how do I add a setting' });
      assert.match(JSON.stringify(found), /settings/);
      await client.close();
    } finally {
      const ended = once(start, 'exit');
      start.kill('SIGTERM');
      await ended;
    }
    assert.equal(start.exitCode, 0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
