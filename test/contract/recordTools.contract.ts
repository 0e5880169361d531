import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { type OpenTools, refused } from '../fixtures/openTools.ts';

type Answer = Record<string, unknown>;

const isRecent = (at: unknown) => Math.abs(Date.parse(String(at)) - Date.now()) < 60_000;

/** What the tools of the records do on every store. @param open empty ones */
export function recordToolsContract(name: string, open: () => Promise<OpenTools>): void {
  describe(`the tools of the records on ${name}`, () => {
    it('keep a session, list it for everybody and for its user, and forget it', async () => {
      await using tools = await open();
      const session = {
        ...{ context: 'The login fails on Fridays', files: ['src/a.ts', 'src/b.ts'] },
        ...{ current_task: 'Fix the login', last_tool: 'bash', node: 'laptop' },
      };
      await tools.call('save_session', { session_id: 'one', ...session, username: 'ann' });
      await tools.call('save_session', { session_id: 'two' });
      const { saved_at, ...kept } = await tools.call('get_session', { session_id: 'one' });
      assert.deepEqual([kept, isRecent(saved_at)], [{ id: 'one', ...session }, true]);
      const ids = async (input: object) =>
        ((await tools.call('list_sessions', input))['sessions'] as Answer[]).map(one => one['id']);
      assert.deepEqual(await ids({}), ['two', 'one']);
      assert.deepEqual(await ids({ limit: 1 }), ['two']);
      assert.deepEqual(await ids({ username: 'ann' }), ['one']);
      assert.match(await tools.text('list_sessions'), /one on laptop: Fix the login$/);
      assert.match(
        await tools.text('get_session', { session_id: 'one' }),
        /files: src\/a\.ts, src\/b\.ts\n\nThe/,
      );
      await tools.call('save_session', { session_id: 'one' });
      assert.deepEqual((await tools.call('get_session', { session_id: 'one' }))['files'], []);
      await tools.call('remove_session', { session_id: 'one' });
      await refused(tools.call('get_session', { session_id: 'one' }), 'not_found', /list_sessions/);
      await refused(
        tools.call('save_session', { session_id: 's', files: ['a,b'] }),
        'invalid_input',
        /comma/,
      );
    });

    it('keep embeddings by their text, and find the near ones', async () => {
      await using tools = await open();
      const store = async (text: string, vector: number[], source = '') => {
        // Those of one millisecond come in the order of their hashes.
        await setTimeout(2);
        return tools.call('store_embedding', { text, vector, source, tool_context: 'tests', success: false });
      };
      const { id: east } = await store('east', [1, 0], 'session:one');
      await store('north', [0, 1]);
      await store('another model', [1, 0, 0]);
      assert.equal(east, tools.engine.sha256('east'));
      const missing = 'f'.repeat(64);
      const got = await tools.call('get_embeddings', { sha256: [missing, east], with_vectors: true });
      const [{ stored_at, ...embedding } = {} as Answer, ...more] = got['embeddings'] as Answer[];
      assert.deepEqual(embedding, {
        ...{ id: east, text: 'east', source: 'session:one', tool_context: 'tests', success: false },
        ...{ dimensions: 2, vector: [1, 0] },
      });
      assert.deepEqual([more, got['missing'], isRecent(stored_at)], [[], [missing], true]);
      const texts = async (name: string, input: object) =>
        ((await tools.call(name, input))['embeddings'] as Answer[]).map(one => one['text']);
      assert.deepEqual(await texts('list_embeddings', {}), ['another model', 'north', 'east']);
      assert.deepEqual(await texts('list_embeddings', { session_id: 'one' }), ['east']);
      assert.deepEqual(await texts('nearest_embeddings', { vector: [0.6, 0.8] }), ['north', 'east']);
      assert.deepEqual(await texts('nearest_embeddings', { vector: [1, 0], among: 2 }), ['north']);
      assert.match(await tools.text('nearest_embeddings', { vector: [2, 0], limit: 1 }), /^1\.000 .*: east$/);
      await tools.call('remove_embedding', { sha256: east });
      assert.deepEqual(await texts('list_embeddings', { session_id: 'one' }), []);
      await refused(tools.call('remove_embedding', { sha256: 'abc' }), 'invalid_input', /64 lower-case hex/);
      await refused(tools.call('store_embedding', { text: 'a', vector: [] }), 'invalid_input', /vector/);
    });

    it('give each entry to one consumer of a group, until it is acknowledged', async () => {
      await using tools = await open();
      const entry = {
        ...{ session_id: 'one', user_query: 'what is here?', tool_used: 'bash', result: 'a.ts' },
        ...{ success: true, duration_ms: 12, node: 'laptop' },
      };
      const { id } = await tools.call('queue_learning', { ...entry, tool_args: { command: 'ls' } });
      const group = 'training_pipeline';
      const read = async (name: string, input: object) =>
        (await tools.call(name, { group, ...input }))['entries'] as Answer[];
      const [{ at, ...first } = {} as Answer, ...more] = await read('read_learning', { consumer: 'a' });
      assert.deepEqual(first, { id, ...entry, tool_args: '{"command":"ls"}' });
      assert.deepEqual([more, isRecent(at)], [[], true]);
      assert.deepEqual(await read('read_learning', { consumer: 'b' }), []);
      assert.deepEqual(await read('claim_learning', { consumer: 'b' }), []);
      const pending = async () => (await tools.call('learning_status'))['pending'];
      assert.deepEqual(await pending(), { training_pipeline: 1, analytics: 0 });
      const [claimed] = await read('claim_learning', { consumer: 'b', idle_seconds: 0 });
      assert.equal(claimed?.['id'], id);
      assert.equal((await tools.call('acknowledge_learning', { group, entry_ids: [id] }))['acknowledged'], 1);
      assert.equal((await tools.call('acknowledge_learning', { group, entry_ids: [id] }))['acknowledged'], 0);
      assert.deepEqual(await pending(), { training_pipeline: 0, analytics: 0 });
      assert.equal(await tools.text('learning_status'), '1 entry; pending: training_pipeline 0, analytics 0');
      assert.match(
        await tools.text('read_learning', { group: 'analytics', consumer: 'a' }),
        /bash went well in 12 ms: what is here\?$/,
      );
      await refused(
        tools.call('acknowledge_learning', { group, entry_ids: ['none'] }),
        'invalid_input',
        /no id of an entry/,
      );
    });

    it('keep what tools answered by kind, count hits, and forget by tool or file', async () => {
      await using tools = await open();
      const keep = async (tool: string, input: object) =>
        (await tools.call('store_tool_result', { tool, input_hash: 'h', result: 'out', ...input }))[
          'seconds'
        ];
      assert.equal(await keep('bash', {}), 3_600);
      assert.equal(await keep('read', { kind: 'read_only', path: '/a.ts' }), 7_200);
      assert.equal(await keep('edit', { kind: 'write', path: '/a.ts' }), 300);
      assert.equal(await keep('ask', { kind: 'expensive' }), 86_400);
      const get = (input: object) => tools.call('get_tool_result', { input_hash: 'h', ...input });
      assert.deepEqual(await get({ tool: 'read', path: '/a.ts' }), { hit: true, result: 'out' });
      assert.deepEqual(await get({ tool: 'read' }), { hit: false, result: null });
      assert.deepEqual((await tools.call('tool_result_counts'))['tools'], [
        { name: 'read', hits: 1, misses: 1, hit_rate: 0.5 },
      ]);
      await refused(tools.call('forget_tool_results'), 'invalid_input', /tool nor path/);
      const forget = async (input: object) => (await tools.call('forget_tool_results', input))['forgotten'];
      assert.equal(await forget({ path: '/a.ts' }), 2);
      assert.equal(await forget({ tool: 'bash' }), 1);
      assert.equal(await forget({ all: true }), 1);
      assert.equal(await tools.text('tool_result_counts'), 'read: 1 hit, 1 miss, 50 %');
      await refused(get({ tool: 'a:b' }), 'invalid_input', /colon/);
    });

    it('register models, say where they run, and count their use', async () => {
      await using tools = await open();
      const model = 'llama3:70b';
      const facts = { node: 'spark', size_gb: 39.5, quantization: 'Q4_K_M', context_length: 8192 };
      await tools.call('register_model', { model, ...facts });
      await tools.call('register_model', { model, performance: '45 tokens/s', active: true });
      await tools.call('register_model', { model: 'a-small-one' });
      await tools.call('activate_model', { node: 'other', model });
      const usage = { model, requests: 2, tokens_generated: 300 };
      await tools.call('record_model_usage', usage);
      assert.deepEqual(await tools.call('record_model_usage', { model }), {
        ...{ name: model, requests: 3, tokens_generated: 300 },
      });
      const { updated_at, ...kept } = await tools.call('get_model', { model });
      assert.deepEqual(kept, {
        ...{ name: model, ...facts, performance: '45 tokens/s', active_on: ['other', 'spark'] },
        ...{ requests: 3, tokens_generated: 300 },
      });
      assert.ok(isRecent(updated_at));
      await tools.call('activate_model', { node: 'other' });
      const listed = await tools.call('list_models');
      assert.deepEqual(listed['active'], { spark: model });
      assert.equal(
        await tools.text('list_models'),
        `a-small-one: not active\n${model}: on spark, 39.5 GB, Q4_K_M, 8192 tokens, 45 tokens/s, active on spark`,
      );
      await tools.call('remove_model', { model });
      await refused(tools.call('get_model', { model }), 'not_found', /list_models/);
      const { events } = await tools.call('list_events');
      assert.deepEqual(
        (events as Answer[]).map(event => [event['type'], event['node'], event['model']]),
        [
          ['model_updated', 'spark', model],
          ['model_updated', 'other', model],
          ['model_updated', 'other', ''],
          ['model_updated', 'spark', ''],
        ],
      );
      const nowhere = tools.call('register_model', { model: 'm', active: true });
      await refused(nowhere, 'invalid_input', /No node is known.*Nothing was changed.*Give the node/);
      await refused(tools.call('get_model', { model: 'm' }), 'not_found', /There is no model "m"/);
    });

    it('register nodes, route to the least busy that can, and tell who comes and goes', async () => {
      await using tools = await open();
      const big = { node: 'spark', gpu: 'GB10', vram_gb: 128, ram_gb: 128, roles: ['inference', 'training'] };
      await tools.call('register_node', big);
      await tools.call('register_node', { node: 'nuc', ram_gb: 16, roles: ['embeddings'] });
      await refused(tools.call('route_request'), 'not_found', /list_nodes/);
      await tools.call('node_heartbeat', { node: 'spark', cpu: 20, gpu: 90, mem: 30 });
      await tools.call('node_heartbeat', { node: 'nuc', cpu: 10, mem: 40 });
      const route = async (need: object) => (await tools.call('route_request', need))['name'];
      assert.equal(await route({}), 'nuc');
      assert.equal(await route({ role: 'inference', min_vram_gb: 64, min_ram_gb: 64 }), 'spark');
      await refused(tools.call('route_request', { role: 'poetry' }), 'not_found', /No live node/);
      assert.equal(
        await tools.text('cluster_health'),
        'live: nuc, spark\nload: 65 % on average\nembeddings: 1\ninference: 1\ntraining: 1',
      );
      await tools.call('register_node', { node: 'spark', status: 'draining' });
      await refused(tools.call('route_request', { role: 'inference' }), 'not_found', /No live node/);
      assert.equal(
        await tools.text('get_node', { node: 'spark' }),
        'spark: draining, cpu 20 %, gpu 90 %, mem 30 %, GB10, 128 GB VRAM, 128 GB RAM, for inference, training',
      );
      await tools.call('retire_node', { node: 'nuc' });
      const { nodes } = await tools.call('list_nodes');
      assert.deepEqual(
        (nodes as Answer[]).map(({ name, live, load }) => [name, live, load]),
        [['spark', true, { cpu: 20, gpu: 90, mem: 30 }]],
      );
      const retired = await tools.call('get_node', { node: 'nuc' });
      assert.deepEqual([retired['status'], retired['live'], retired['load']], ['offline', false, null]);
      const { events } = await tools.call('list_events');
      assert.deepEqual(
        (events as Answer[]).map(event => [event['node'], event['status']]),
        [
          ['spark', 'online'],
          ['nuc', 'online'],
          ['spark', 'draining'],
          ['nuc', 'offline'],
        ],
      );
      await refused(tools.call('get_node', { node: 'x' }), 'not_found', /There is no node/);
      await refused(tools.call('node_heartbeat', { node: 'x', cpu: 101, mem: 0 }), 'invalid_input', /cpu/);
    });

    it('publish events, and give what came after a position', async () => {
      await using tools = await open();
      const publish = (input: object) => tools.call('publish_event', input);
      const { position: start, events: none } = await tools.call('list_events');
      assert.deepEqual(none, []);
      await publish({ type: 'training_complete', model: 'intent', accuracy: 0.93 });
      const { id } = await publish({ type: 'node_status', node: 'spark', status: 'online' });
      const first = await tools.call('list_events', { after: start, limit: 1 });
      const [event] = first['events'] as Answer[];
      assert.deepEqual(
        [event?.['type'], event?.['accuracy'], isRecent(event?.['at'])],
        ['training_complete', 0.93, true],
      );
      const rest = await tools.call('list_events', { after: first['position'] });
      assert.deepEqual([(rest['events'] as Answer[]).length, rest['position']], [1, id]);
      assert.deepEqual(await tools.call('list_events', { after: id }), { events: [], position: id });
      assert.match(await tools.text('list_events', { limit: 1 }), /spark is online$/);
      await refused(publish({ type: 'node_status', node: 'a' }), 'invalid_input', /status is missing/);
      await refused(
        publish({ type: 'model_updated', node: 'a', model: 'b', status: 'c' }),
        'invalid_input',
        /status is none of its fields/,
      );
      await refused(tools.call('list_events', { after: 'x' }), 'invalid_input', /no id/);
    });
  });
}
