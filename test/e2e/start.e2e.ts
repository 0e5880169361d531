import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { packageRoot } from '../../src/main/assets.ts';
import { callTool, clientOf } from '../fixtures/mcpClient.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

describe('npm start', function () {
  this.timeout(180_000);

  it('imports this documentation, answers a question with it, and serves it, beside whatever memory is set', async () => {
    await using home = await temporaryFolder();
    await using own = await temporaryFolder();
    const port = await freePort();
    const start = spawn(process.execPath, [join(packageRoot, 'scripts', 'start.mjs'), home.path], {
      cwd: packageRoot,
      env: {
        ...process.env,
        ...{ MCP_PORT: String(port), API_PORT: '0' },
        MEMORY_CENTRAL_HOME: own.path,
        DATABASE_URL: join(own.path, 'own.db'),
        REDIS_URL: 'redis://127.0.0.1:1',
      },
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
    assert.deepEqual(await readdir(own.path), []);
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
