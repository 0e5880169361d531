import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Agent } from '../../../src/engine/model/agent.ts';
import { tellApart } from '../../../src/surfaces/mcp/sessionAgent.ts';
import { callerNamed, claude } from '../../fixtures/callers.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { httpMemory } from '../../fixtures/httpMemory.ts';
import { laterWork } from '../../fixtures/laterWork.ts';
import { callTool, clientOf, stdioTransport } from '../../fixtures/mcpClient.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const PLACE = { MEMORY_NAMESPACE: 'shop' };

async function names(engine: Engine): Promise<readonly string[]> {
  return (await engine.agents.list(['shop'])).map(agent => agent.name).sort();
}

/** Waits until exactly these are there. */
async function there(engine: Engine, expected: readonly string[]): Promise<void> {
  try {
    await until(async () => String(await names(engine)) === String(expected));
  } catch {
    assert.deepEqual(await names(engine), expected);
  }
}

describe('a session over stdio', function () {
  this.timeout(60_000);
  const first = `Claude Code on ${hostname()}`;

  it('is an agent from its first call on, told from others by its name, and gone when it ends', async () => {
    await using home = await temporaryFolder();
    await using engine = await openEngine(home.path, { 'embedding.provider': 'off' });
    const one = clientOf('2025-11-25');
    const two = clientOf('2026-07-28');
    await one.connect(await stdioTransport({ home: home.path, env: PLACE }));
    await one.listTools();
    await two.connect(await stdioTransport({ home: home.path, env: PLACE }));
    await callTool(two, 'memory_stats', {});
    await there(engine, [first]);
    await callTool(one, 'memory_stats', {});
    await there(engine, [first, `${first} 2`]);
    const [agent] = await engine.agents.list(['shop']);
    assert.equal(agent?.type, 'claude');
    assert.ok(agent.pid && agent.pid !== process.pid);
    await two.close();
    await there(engine, [`${first} 2`]);
    await one.close();
    await there(engine, []);
  });

  it('keeps the name that its settings give it', async () => {
    await using home = await temporaryFolder();
    await using engine = await openEngine(home.path, { 'embedding.provider': 'off' });
    const client = clientOf('2025-11-25');
    await client.connect(
      await stdioTransport({ home: home.path, env: { ...PLACE, MEMORY_AGENT: 'reviewer' } }),
    );
    await callTool(client, 'memory_stats', {});
    await there(engine, [`reviewer (${first})`]);
    assert.match((await engine.agents.list(['shop']))[0]!.id, /^reviewer-[0-9a-f]{4}$/);
    await client.close();
  });

  it('is noticed when it is killed: stale, then offline, and its work is given to others', async () => {
    await using home = await temporaryFolder();
    await using engine = await openEngine(home.path, { 'embedding.provider': 'off' });
    const client = clientOf('2025-11-25');
    const transport = await stdioTransport({ home: home.path, env: PLACE });
    await client.connect(transport);
    const lasting = { title: 'Move the invoices', lease_seconds: 3600 };
    const { id } = await callTool(client, 'distribute_task', lasting);
    await callTool(client, 'get_pending_tasks', { claim: true });
    await there(engine, [first]);
    process.kill(transport.pid!, 'SIGKILL');
    const presence = async (aheadMs: number) => {
      using later = await laterWork(home.path, aheadMs);
      await later.look();
      const [agent] = await later.work.agents.list(['shop']);
      const task = await later.work.tasks.get({ namespace: 'shop', id: String(id) });
      return [agent?.presence, task?.state, task?.losses];
    };
    assert.deepEqual(await presence(0), ['online', 'leased', 0]);
    assert.deepEqual(await presence(40_000), ['stale', 'leased', 0]);
    assert.deepEqual(await presence(100_000), ['offline', 'ready', 1]);
  });
});

describe('sessions of two machines with one central Redis', function () {
  this.timeout(60_000);

  it('see each other, work for each other, and leave in order', async () => {
    await using redis = await startRedis();
    await using one = await temporaryFolder();
    await using two = await temporaryFolder();
    const client = clientOf('2025-11-25');
    const env = { ...PLACE, REDIS_URL: redis.url };
    await client.connect(await stdioTransport({ home: one.path, env }));
    await using engine = await openEngine(two.path, { 'embedding.provider': 'off', 'redis.url': redis.url });
    const { id } = await callTool(client, 'distribute_task', { title: 'Move the invoices' });
    await there(engine, [`Claude Code on ${hostname()}`]);
    const gemini = { ...callerNamed('gemini-cli'), lasting: true };
    const [claimed] = await engine.tasks.claim({ namespace: 'shop', limit: 1 }, gemini);
    assert.equal(claimed?.task.id, id);
    await engine.tasks.complete({ id: String(id) }, { moved: 12 }, {}, gemini);
    const page = `memory-central://task/shop/${id}?as=json`;
    const { contents } = await client.readResource({ uri: page });
    assert.deepEqual(JSON.parse((contents[0] as { text: string }).text).task.result, { moved: 12 });
    await client.close();
    await there(engine, [`Gemini CLI on ${hostname()}`]);
  });
});

describe('a session over HTTP', function () {
  this.timeout(60_000);
  const TIMES = { idle: 60_000, gone: 100, sweep: 20 };

  it('is an agent of its own, gone when its client ends it', async () => {
    await using memory = await httpMemory();
    const one = clientOf('2025-11-25', 'codex');
    const two = clientOf('2025-11-25', 'codex');
    const transports = [memory.transport('shop'), memory.transport('shop')] as const;
    await one.connect(transports[0]);
    await two.connect(transports[1]);
    await callTool(one, 'memory_stats', {});
    await callTool(two, 'memory_stats', {});
    await there(memory.engine, [`Codex on ${hostname()}`, `Codex on ${hostname()} 2`]);
    const { id } = await callTool(two, 'distribute_task', { title: 'Move the invoices' });
    await callTool(one, 'get_pending_tasks', { claim: true });
    const stateOf = async () =>
      (await memory.engine.tasks.get({ namespace: 'shop', id: String(id) }, claude)).task.state;
    assert.equal(await stateOf(), 'leased');
    await transports[0].terminateSession();
    await there(memory.engine, [`Codex on ${hostname()} 2`]);
    assert.equal(await stateOf(), 'ready');
    await transports[1].terminateSession();
    await there(memory.engine, []);
  });

  it('leaves when its client went away while it waited, with what came for it', async () => {
    await using memory = await httpMemory({ sessionTimes: TIMES });
    const client = clientOf('2025-11-25', 'codex');
    const transport = memory.transport('shop');
    await client.connect(transport);
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-session-id': transport.sessionId!,
      'mcp-protocol-version': '2025-11-25',
    };
    const params = { name: 'get_pending_tasks', arguments: { claim: true, wait_seconds: 50 } };
    const stop = new AbortController();
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params });
    const waiting = fetch(`${memory.url}/shop`, { method: 'POST', headers, body, signal: stop.signal });
    await until(async () => (await memory.engine.agents.list(['shop'])).length === 1);
    // As when the process dies: nothing is said.
    await client.close();
    stop.abort();
    await assert.rejects(waiting.then(response => response.text()));
    const { task } = await memory.engine.tasks.submit({ title: 'For nobody' }, claude);
    await there(memory.engine, [`Claude Code on ${hostname()}`]);
    assert.equal((await memory.engine.tasks.get({ id: task.id }, claude)).task.state, 'ready');
  });

  it('leaves when its client is gone, and is there again when it comes back', async () => {
    await using memory = await httpMemory({ sessionTimes: TIMES });
    const client = clientOf('2025-11-25', 'codex');
    const transport = memory.transport('shop');
    await client.connect(transport);
    await callTool(client, 'memory_stats', {});
    await there(memory.engine, [`Codex on ${hostname()}`]);
    const session = transport.sessionId!;
    // As when the process dies: nothing is said.
    await client.close();
    await there(memory.engine, []);
    const again = await fetch(`${memory.url}/shop`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-session-id': session,
        'mcp-protocol-version': '2025-11-25',
      },
      body: JSON.stringify({
        ...{ jsonrpc: '2.0', id: 7, method: 'tools/call' },
        params: { name: 'memory_stats', arguments: {} },
      }),
    });
    assert.match(await again.text(), /by_type/);
    await until(async () => (await memory.engine.agents.list(['shop'])).length === 1);
  });

  it('goes on when the clock is set forward', async () => {
    await using memory = await httpMemory({ sessionTimes: TIMES });
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const post = (method: string, params: object, session = {}) =>
      fetch(`${memory.url}/shop`, {
        ...{ method: 'POST', headers: { ...headers, ...session } },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
    const opened = await post('initialize', {
      ...{ protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'codex', version: '1' } },
    });
    await opened.text();
    const now = Date.now;
    Date.now = () => now() + 86_400_000;
    try {
      // By the time that it has left, the other was looked at, too.
      const gone = clientOf('2025-11-25', 'codex');
      await gone.connect(memory.transport('shop'));
      await callTool(gone, 'memory_stats', {});
      await there(memory.engine, [`Codex on ${hostname()}`]);
      await gone.close();
      await there(memory.engine, []);
    } finally {
      Date.now = now;
    }
    const session = { 'mcp-session-id': opened.headers.get('mcp-session-id')! };
    assert.equal((await post('tools/list', {}, session)).status, 200);
  });

  it('does not exist for a request that stands alone', async () => {
    await using memory = await httpMemory();
    const client = clientOf('2026-07-28', 'codex');
    await client.connect(memory.transport('shop'));
    await callTool(client, 'memory_stats', {});
    const session = clientOf('2025-11-25', 'codex');
    await session.connect(memory.transport('shop'));
    await callTool(session, 'memory_stats', {});
    await there(memory.engine, [`Codex on ${hostname()}`]);
    await client.close();
    await session.close();
  });
});

describe('names of sessions', () => {
  const agent = (id: string, registeredAt: number, name = 'Codex on tower'): Agent => ({
    ...{ namespace: 'shop', id, name, type: 'custom', capabilities: [], contextWindow: null },
    ...{ owner: 'ada@tower/codex', client: 'codex', machine: 'tower', pid: 1, metadata: {}, status: 'idle' },
    ...{ load: 0, currentTask: null, registeredAt, heartbeatAt: registeredAt, presence: 'online' },
  });

  it('have a number where others were there before', () => {
    const all = [agent('a', 1), agent('b', 2, 'Codex on tower 2'), agent('c', 3)];
    assert.equal(tellApart(all[2]!, all), 'Codex on tower 3');
    assert.equal(tellApart(all[1]!, all), 'Codex on tower 2');
    assert.equal(tellApart(all[0]!, all), 'Codex on tower');
  });

  it('are free again when their agent is offline', () => {
    const gone = { ...agent('a', 1), presence: 'offline' } as const;
    assert.equal(tellApart(agent('b', 2), [gone, agent('b', 2)]), 'Codex on tower');
  });
});
