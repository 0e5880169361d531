import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { builtProgram } from '../test/fixtures/builtPrograms.ts';
import { cachedPackage } from '../test/fixtures/cachedPackage.ts';
import { node24 } from '../test/fixtures/node24.ts';
import { temporaryFolder } from '../test/fixtures/temporaryFolder.ts';
import type { BenchResult } from './benchResult.ts';
import { median } from './statistics.ts';

const PEER = { name: '@modelcontextprotocol/server-memory', version: '2026.8.31' };
const PAIRS = 15;
const MOST = 0.9;

/**
 * From spawn to the answer of tools/list over stdio, ours and the MCP reference memory server's in turn, on this Node and on
 * Node 24. @returns medians in ms and their ratio
 */
export async function startBench(): Promise<BenchResult[]> {
  const peer = join(await cachedPackage(PEER.name, PEER.version), 'dist', 'index.js');
  const own = await builtProgram('mcp');
  const results: BenchResult[] = [];
  for (const node of new Set([process.execPath, await node24()])) {
    await using home = await temporaryFolder();
    const times: Record<'own' | 'peer', number[]> = { own: [], peer: [] };
    for (let i = 0; i <= PAIRS; i++) {
      const ours = await startTime(node, own, home.path);
      const theirs = await startTime(node, peer, home.path);
      // The first pair fills the caches of the disk.
      if (i === 0) continue;
      times.own.push(ours);
      times.peer.push(theirs);
    }
    const [ours, theirs] = [median(times.own), median(times.peer)];
    const label = `start to tools/list, Node ${await versionOf(node)}`;
    results.push(
      { name: label, value: ours, unit: 'ms' },
      { name: `${label}: server-memory`, value: theirs, unit: 'ms' },
      {
        name: `${label}: ratio`,
        value: ours / theirs,
        unit: 'x',
        target: `<= ${MOST}`,
        met: ours / theirs <= MOST,
      },
    );
  }
  return results;
}

async function startTime(node: string, program: string, home: string): Promise<number> {
  const began = performance.now();
  const server = spawn(node, [program], {
    cwd: home,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      MEMORY_CENTRAL_HOME: home,
      MEMORY_FILE_PATH: join(home, 'peer'),
    },
  });
  const send = (message: object) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  };
  send({ id: 1, method: 'initialize', params });
  for await (const line of createInterface({ input: server.stdout })) {
    const { id } = JSON.parse(line) as { id?: number };
    if (id === 1) {
      send({ method: 'notifications/initialized' });
      send({ id: 2, method: 'tools/list', params: {} });
    } else if (id === 2) break;
  }
  const time = performance.now() - began;
  const exited = once(server, 'exit');
  server.stdin.end();
  await exited;
  return time;
}

async function versionOf(node: string): Promise<string> {
  const asked = spawn(node, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [chunk] = (await once(asked.stdout, 'data')) as [Buffer];
  return chunk.toString().trim().slice(1);
}
