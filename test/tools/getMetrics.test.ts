import assert from 'node:assert/strict';
import { loadSettings } from '../../src/config/loadSettings.ts';
import { createEngine } from '../../src/main/createEngine.ts';
import { callToolsOn } from '../../src/tools/callTool.ts';
import { callerNamed, claude } from '../fixtures/callers.ts';
import { silent } from '../fixtures/logger.ts';
import { openTools, refused } from '../fixtures/openTools.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

describe('get_metrics', () => {
  it('tells how fast searches are, what caches spare, and what waits', async () => {
    await using tools = await openTools();
    const before = await tools.call('get_metrics');
    assert.deepEqual(before['search'], { count: 0, p50_ms: 0, p95_ms: 0 });
    await tools.call('store_memory', { content: 'Deploys run on Fridays' });
    for (let i = 0; i < 4; i++) await tools.call('semantic_search', { query: 'deploys' });
    await tools.call('distribute_task', { title: 'Deploy', task_id: 'deploy' });
    await tools.call('register_agent', { agent_id: 'builder' });
    for (let i = 0; i < 2; i++) await tools.engine.jobs.add({ name: 'embed', payload: {} });
    const { agents, caches, index, search, store, tasks, jobs } = await tools.call('get_metrics');
    const { count, p50_ms, p95_ms } = search as Record<string, number>;
    assert.equal(count, 4);
    // An answer from the cache takes less than is shown.
    assert.ok(0 <= p50_ms! && p50_ms! <= p95_ms!);
    const { hits, misses } = (caches as Record<string, Record<string, number>>)['responses']!;
    assert.deepEqual([hits, misses], [3, 1]);
    assert.deepEqual(index, { place: 'process', vectors: 0, pending: 0, refused: 0 });
    assert.ok((store as { bytes: number }).bytes > 0);
    const { by_state, completed } = tasks as { by_state: Record<string, number>; completed: number };
    assert.deepEqual([by_state['ready'], completed], [1, 0]);
    assert.ok((agents as { online: number }).online >= 1);
    assert.equal((jobs as { waiting: number }).waiting, 2);
    const text = await tools.text('get_metrics');
    assert.match(text, /^searches: 4, p50 [\d.]+ ms, p95 [\d.]+ ms\nvectors of questions: none yet\n/);
    assert.match(text, /\ncache responses: 3 hits, 1 misses, 1 entries, \d+ bytes\n/);
    assert.match(text, /\ntasks: ready 1; completed 0, died 0, retried 0, leases lost 0\n/);
    assert.match(text, /\njobs: waiting 2$/);
  });

  it('leaves jobs out where a program keeps none', async () => {
    await using folder = await temporaryFolder();
    const settings = loadSettings({ env: {}, folders: [], overrides: { 'embedding.provider': 'off' } });
    await using engine = await createEngine({ settings, logger: silent, dataDirectory: folder.path });
    const { structured } = await callToolsOn(async () => engine)('get_metrics', {}, claude);
    assert.ok('agents' in structured && !('jobs' in structured));
  });

  it('is for an operator: a token that is bound to namespaces, or has not the scope admin, is refused', async () => {
    await using tools = await openTools();
    const as = (rights: object) => tools.as({ ...callerNamed('claude-code'), rights } as never);
    await refused(as({ scopes: ['read', 'write'] }).call('get_metrics'), 'forbidden', /admin/);
    const bound = as({ scopes: ['read', 'admin'], namespaces: ['shop'] });
    await refused(bound.call('get_metrics'), 'forbidden', /namespace/);
    await as({ scopes: ['admin'] }).call('get_metrics');
  });
});
