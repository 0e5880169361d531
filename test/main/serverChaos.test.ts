import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '../fixtures/redis.ts';
import { type ServerProcess, serverProcess } from '../fixtures/serverProcess.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

const FULL = process.env['CHAOS'] === 'full';
/** In each, one server dies, then Redis, under writes. */
const ROUNDS = FULL ? 20 : 2;
const CLIENTS = 6;
const NAMES = ['one', 'two'] as const;

describe('servers of one central Redis, under load', function () {
  this.timeout(600_000);

  it('lose nothing that they acknowledged, whoever is killed', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis({ config: { appendfsync: 'always' } });
    const start = async (name: string) => {
      const home = join(folder.path, name);
      await mkdir(home, { recursive: true });
      return serverProcess({ home, env: { REDIS_URL: redis.url, REDIS_DEADLINE_MS: '500' } });
    };
    const servers = new Map<string, ServerProcess>();
    const acknowledged = new Map<string, string>();
    let over = false;
    let sent = 0;
    /** Stores without a pause, at whichever server answers; what got no answer may be there or not. */
    const client = async (i: number) => {
      for (let turn = i; !over; turn++) {
        const server = servers.get(NAMES[turn % NAMES.length]!);
        const content = `Note ${sent++} of client ${i}`;
        const id = server && (await store(server.rest, content));
        if (id === undefined) await sleep(20);
        else acknowledged.set(id, content);
      }
    };
    try {
      for (const name of NAMES) servers.set(name, await start(name));
      const clients = Array.from({ length: CLIENTS }, (_, i) => client(i));
      const more = async (count: number) => {
        const target = acknowledged.size + count;
        await until(() => acknowledged.size >= target);
      };
      for (let round = 0; round < ROUNDS; round++) {
        const name = NAMES[round % NAMES.length]!;
        await more(100);
        await servers.get(name)!.end('SIGKILL');
        servers.delete(name);
        await more(30);
        servers.set(name, await start(name));
        await more(30);
        await redis.kill();
        // Each keeps it in its outbox meanwhile.
        await more(30);
        await redis.restart();
      }
      await more(30);
      over = true;
      await Promise.all(clients);
      // What waits in an outbox is acknowledged, too: it gets to Redis while its server lives.
      await Promise.all(Array.from(servers.values(), ({ rest }) => until(() => nothingWaits(rest))));
      for (const server of servers.values()) assert.equal(await server.end('SIGTERM'), 0);
      const fresh = await start('fresh');
      servers.set('fresh', fresh);
      const missing = [];
      for (const [id, content] of acknowledged)
        if ((await call(fresh.rest, 'retrieve_memory', { memory_id: id }))['content'] !== content)
          missing.push(id);
      assert.deepEqual(missing, []);
      assert.ok(acknowledged.size > 200 * ROUNDS);
      console.log(`      ${acknowledged.size} acknowledged`);
    } finally {
      over = true;
      for (const server of servers.values()) await server[Symbol.asyncDispose]();
    }
  });
});

/** @returns its id; undefined where the server did not answer, or refused */
async function store(rest: string, content: string): Promise<string | undefined> {
  return call(rest, 'store_memory', { content }).then(
    ({ id }) => id as string | undefined,
    () => undefined,
  );
}

async function nothingWaits(rest: string): Promise<boolean> {
  const { central } = await call(rest, 'memory_stats', {});
  return (central as { waiting?: number } | undefined)?.waiting === 0;
}

async function call(rest: string, tool: string, input: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`${rest}/v1/tools/${tool}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  return (await answer.json()) as Record<string, unknown>;
}
