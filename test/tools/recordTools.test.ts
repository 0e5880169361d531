import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../src/adapters/sqlite/openEmbeddedStore.ts';
import { callToolsOn } from '../../src/tools/callTool.ts';
import { toolsFor, topics } from '../../src/tools/registry.ts';
import { recordToolsContract } from '../contract/recordTools.contract.ts';
import { claude } from '../fixtures/callers.ts';
import { openEngine } from '../fixtures/engine.ts';
import { silent } from '../fixtures/logger.ts';
import { openTools, refused } from '../fixtures/openTools.ts';
import { type RedisServer, startRedis } from '../fixtures/redis.ts';
import { sealer } from '../fixtures/sealer.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

describe('the tools of the records', () => {
  let redis: RedisServer;
  let prefixes = 0;
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());

  recordToolsContract('a file', () => openTools());
  recordToolsContract('a central Redis', () =>
    openTools({ 'redis.url': redis.url, 'redis.prefix': `t${prefixes++}:` }),
  );

  it('are for programs, and cost no agent a token', () => {
    const all = Object.values(topics).flat();
    for (const surface of ['mcp', 'editor'] as const)
      assert.deepEqual(
        toolsFor(surface).filter(tool => all.includes(tool)),
        [],
      );
    for (const surface of ['rest', 'cli'] as const)
      assert.deepEqual(
        all.filter(tool => !toolsFor(surface).includes(tool)),
        [],
      );
  });

  it('show as offline what went silent while no process ran', async () => {
    await using folder = await temporaryFolder();
    const minuteAgo = Date.now() - 60_000;
    const options = { identity, sealer, logger: silent, clock: { now: () => minuteAgo } };
    const before = await openEmbeddedStore({ ...options, path: join(folder.path, 'memory.db') });
    await before.records.nodes.put({
      ...{ name: 'spark', gpu: '', vramGb: 0, computeTflops: 0, ramGb: 0, roles: [], status: 'online' },
    });
    await before.records.nodes.heartbeat('spark', { cpu: 1, gpu: 1, mem: 1 });
    await before[Symbol.asyncDispose]();
    await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
    const text = async (name: string, input: object) =>
      (await callToolsOn(async () => engine)(name, input, claude)).text;
    await until(async () => (await text('list_nodes', {})) === 'No active nodes.');
    assert.equal(await text('get_node', { node: 'spark' }), 'spark: offline, no heartbeat');
    assert.match(await text('list_events', {}), /spark is online\n.*spark is offline$/);
  });

  it('say within the deadline that a Redis does not answer, and leave memories alone', async () => {
    await using own = await startRedis();
    await using tools = await openTools({ 'redis.url': own.url, 'redis.deadlineMs': 500 });
    await tools.call('save_session', { session_id: 's' });
    await own.kill();
    const calls: readonly (readonly [string, object])[] = [
      ['save_session', { session_id: 's' }],
      ['list_sessions', {}],
      ['list_embeddings', {}],
      ['read_learning', { group: 'analytics', consumer: 'c' }],
      ['get_tool_result', { tool: 'bash', input_hash: 'h' }],
      ['list_models', {}],
      ['node_heartbeat', { node: 'n', cpu: 1, mem: 1 }],
      ['list_events', {}],
    ];
    for (const [name, input] of calls)
      await refused(
        tools.call(name, input),
        'unavailable',
        /^redis:.* (is not listening there|closed the connection|is not connected)/,
      );
    assert.ok((await tools.call('store_memory', { content: 'still here' }))['id']);
    await own.restart();
    await until(async () => (await tools.call('get_session', { session_id: 's' }))['id'] === 's');
  });
});
