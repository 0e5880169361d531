import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { builtProgram } from '../test/fixtures/builtPrograms.ts';
import { callTool, clientOf, textOf } from '../test/fixtures/mcpClient.ts';
import { caller } from './centralClient.ts';

const START_MS = 30_000;
/** A new machine answers once it has what the others have. */
const CATCH_UP_MS = 900_000;

/** Machines of the LAN: the built server each, with a replica and an index of its own and the model that is shipped. */
export interface LanServers extends AsyncDisposable {
  connect(machine: number): Promise<Client>;
  /** Of each, such as `http://127.0.0.1:8000`. */
  readonly rest: readonly string[];
  readonly pids: readonly number[];
}

/** @param redis its URL */
export async function startServers(folder: string, redis: string, count: number): Promise<LanServers> {
  const program = await builtProgram('server');
  const children = Array.from({ length: count }, (_, i) =>
    spawn(process.execPath, [program, '--port', '0', '--api-port', '0', '--no-auth'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        MEMORY_CENTRAL_HOME: join(folder, `machine-${i}`),
        MEMORY_NAMESPACE: caller.namespace,
        REDIS_URL: redis,
        EMBEDDING_PROVIDER: 'local',
        // All that is asked here comes from one caller.
        API_REQUESTS_PER_MINUTE: '10000000',
      },
    }),
  );
  const stop = async () => {
    await Promise.all(
      children.map(async child => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }),
    );
  };
  try {
    const addresses = await Promise.all(children.map(addressOf));
    return {
      rest: addresses.map(({ rest }) => rest),
      pids: children.map(({ pid }) => pid!),
      async connect(machine) {
        const client = clientOf('2025-11-25');
        await client.connect(new StreamableHTTPClientTransport(new URL(addresses[machine]!.mcp)));
        return client;
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Stats {
  readonly total: number;
  readonly pending_embeddings: number;
}

/** Waits until the machine has all memories, their vectors, its index and its model. */
export async function caughtUp(client: Client, memories: number): Promise<void> {
  const ask = { name: 'memory_stats', arguments: {} };
  const until = performance.now() + CATCH_UP_MS;
  for (;;) {
    const answer = await client.callTool(ask, { timeout: CATCH_UP_MS });
    const { total, pending_embeddings } = (answer.structuredContent ?? {}) as Partial<Stats>;
    const all = total !== undefined && total >= memories && pending_embeddings === 0;
    if (all && (await recall(client, 'the first question')) === 'hybrid') return;
    // Busy with so many, it may say so.
    if (performance.now() > until) throw new Error(`a machine has not caught up: ${textOf(answer)}`);
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}

/** @returns `hybrid`, or `lexical` where there was no time to embed the question */
export async function recall(client: Client, query: string): Promise<string> {
  return String((await callTool(client, 'semantic_search', { query }))['mode']);
}

/** What it says where it listens. */
async function addressOf(child: ChildProcess): Promise<{ mcp: string; rest: string }> {
  let said = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address:\n${said}`)), START_MS);
    child.once('exit', code => reject(new Error(`the server ended with ${code}:\n${said}`)));
    child.stderr!.setEncoding('utf8').on('data', text => {
      said += text;
      const [, mcp, rest] = /serves MCP at (\S+);[\s\S]*REST is at (\S+),/.exec(said) ?? [];
      if (mcp === undefined || rest === undefined) return;
      clearTimeout(timer);
      resolve({ mcp, rest });
    });
  });
}
