import assert from 'node:assert/strict';
import { callerNamed, claude, editor, sessionOf } from '../fixtures/callers.ts';
import { onEachStore } from '../fixtures/onEachStore.ts';
import { refused } from '../fixtures/openTools.ts';

const gemini = callerNamed('gemini-cli');

onEachStore('the tools of agents', open => {
  it('register who works here, once, and tell how everybody is', async () => {
    await using tools = await open();
    const ann = { agent_id: 'ann', capabilities: ['tests', 'rust', 'tests'], context_window: 200_000 };
    const first = await tools.call('register_agent', { ...ann, agent_type: 'claude', metadata: { desk: 3 } });
    assert.deepEqual(
      [first['capabilities'], first['agent_type'], first['presence'], first['owner']],
      [['rust', 'tests'], 'claude', 'online', 'ada@host/claude-code'],
    );
    await tools.as(editor).call('register_agent', { agent_id: 'window' });
    const again = await tools.call('register_agent', { agent_id: 'ann', name: 'Ann' });
    assert.deepEqual(
      [again['registered_at'], again['context_window'], again['metadata'], again['name']],
      [first['registered_at'], 200_000, { desk: 3 }, 'Ann'],
    );
    const beat = { agent_id: 'ann', status: 'busy', load: 0.5, current_task: 'the login' };
    assert.deepEqual((await tools.call('update_agent_heartbeat', beat))['lost'], []);
    await tools.call('distribute_task', { title: 'Test it', required_capabilities: ['tests'] });
    assert.match(
      await tools.as(editor).text('list_agents'),
      /^ann \(Ann\): online, busy, load 50 %, 1 task, works on the login; can rust, tests$/m,
    );
    const { agents } = (await tools.call('list_agents')) as { agents: { id: string; tasks: number }[] };
    assert.equal(agents.find(({ id }) => id === 'window')?.tasks, 0);
    assert.equal(await tools.text('list_agents', { namespace: 'elsewhere' }), 'Nobody works here.');
    // Registered under an id of its own; the session's own agent came with the task.
    assert.match(await tools.text('list_agents'), /^claude-code-\w+ \(.*\): you, idle$/m);
    const asked = (await tools.as(editor).call('list_agents'))['agents'] as { id: string; you?: true }[];
    assert.deepEqual(
      asked.filter(({ you }) => you).map(({ id }) => id),
      [],
    );
  });

  it('let nobody speak for an agent of another', async () => {
    await using tools = await open();
    await tools.call('register_agent', { agent_id: 'ann' });
    const stranger = tools.as(gemini);
    for (const [name, input] of [
      ['register_agent', {}],
      ['unregister_agent', {}],
      ['update_agent_heartbeat', { load: 1 }],
      ['claim_files', { globs: ['a'] }],
    ] as const)
      await refused(
        stranger.call(name, { agent_id: 'ann', ...input }),
        'forbidden',
        /"ann" belongs to another/,
      );
    assert.equal(((await tools.call('list_agents'))['agents'] as { load: number }[])[0]?.load, 0);
    await refused(
      tools.call('unregister_agent', { agent_id: 'nobody' }),
      'not_found',
      /no agent "nobody".*list_agents/,
    );
  });

  it('tell a session which of its tasks were cancelled or lost', async () => {
    await using tools = await open();
    const session = tools.as(sessionOf(claude, 'claude-7'));
    await tools.as(editor).call('distribute_task', { title: 'Build', task_id: 'build', lease_seconds: 1 });
    await session.call('get_pending_tasks', { claim: true });
    await tools.as(editor).call('update_task', { task_id: 'build', cancel: true, reason: 'not needed' });
    let lost: unknown[] = [];
    while (lost.length === 0) {
      lost = (await session.call('update_agent_heartbeat', {}))['lost'] as unknown[];
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    assert.match(JSON.stringify(lost), /^\[\{"task_id":"build","reason":"[^"]*not needed\."\}\]$/);
    assert.deepEqual((await session.call('update_agent_heartbeat', {}))['lost'], []);
  });

  it('let an agent go: its tasks to another, its files free, its memories kept', async () => {
    await using tools = await open();
    const session = tools.as(sessionOf(claude, 'claude-7'));
    await session.call('register_agent', { agent_id: 'ann' });
    await tools.as(editor).call('register_agent', { agent_id: 'window' });
    await tools.call('distribute_task', { title: 'Build', task_id: 'build', preferred_agent: 'ann' });
    await session.call('get_pending_tasks', { agent_id: 'ann', claim: true });
    assert.match(await tools.text('list_agents'), /^ann .*: online, busy, 1 task$/m);
    await session.call('claim_files', { agent_id: 'ann', globs: ['src/**'] });
    await tools.call('store_memory', { content: 'Keep this', agent_id: 'ann', memory_id: 'm1' });
    assert.equal(
      await session.text('unregister_agent', { agent_id: 'ann', reassign_to: 'window' }),
      'Unregistered ann: 1 task queued again, its memories are kept.',
    );
    assert.match(await tools.text('list_tasks'), /build \[ready, medium\] Build; is offered to window/);
    assert.equal(await tools.text('claim_files'), 'Nobody has claimed files.');
    assert.equal((await tools.call('retrieve_memory', { memory_id: 'm1' }))['agent_id'], 'ann');
    assert.doesNotMatch(await tools.text('list_agents'), /^ann /m);
  });

  it('transfer its memories to another agent, which then sees the private ones too', async () => {
    await using tools = await open();
    const window = tools.as(editor);
    await tools.call('register_agent', { agent_id: 'ann' });
    await window.call('register_agent', { agent_id: 'window' });
    const own = { agent_id: 'ann', visibility: 'private' };
    await tools.call('store_memory', { content: 'Mine alone', memory_id: 'm1', ...own });
    await tools.call('store_memory', { content: 'For all', memory_id: 'm2', agent_id: 'ann' });
    await tools.call('store_memory', { content: 'Of another label', memory_id: 'm3' });
    await window.call('store_memory', { content: 'Of another owner', memory_id: 'm4', agent_id: 'ann' });
    const nobody = { agent_id: 'ann', memories: 'transfer', reassign_to: 'nobody' };
    await refused(tools.call('unregister_agent', nobody), 'not_found', /no agent "nobody"/);
    const input = { agent_id: 'ann', memories: 'transfer', reassign_to: 'window' };
    assert.match(await tools.text('unregister_agent', input), /, 2 memories transferred\.$/);
    const seen = async (id: string) => {
      const { agent_id, visibility, shared_with } = await window.call('retrieve_memory', { memory_id: id });
      return [agent_id, visibility, shared_with];
    };
    assert.deepEqual(await seen('m1'), ['window', 'shared', ['ada@host/vscode']]);
    assert.deepEqual(await seen('m2'), ['window', 'public', []]);
    assert.deepEqual([(await seen('m3'))[0], (await seen('m4'))[0]], ['claude-code', 'ann']);
    await refused(tools.as(gemini).call('retrieve_memory', { memory_id: 'm1' }), 'not_found', /m1/);
  });

  it('delete its memories, its own only, and each can come back', async () => {
    await using tools = await open();
    await tools.call('register_agent', { agent_id: 'ann' });
    await tools.call('store_memory', { content: 'Mine', memory_id: 'm1', agent_id: 'ann' });
    await tools.as(editor).call('store_memory', { content: 'Not mine', memory_id: 'm2', agent_id: 'ann' });
    assert.match(
      await tools.text('unregister_agent', { agent_id: 'ann', memories: 'delete' }),
      /, 1 memory deleted, which undo_change takes back\.$/,
    );
    await refused(tools.call('retrieve_memory', { memory_id: 'm1' }), 'not_found', /m1/);
    assert.equal((await tools.call('retrieve_memory', { memory_id: 'm2' }))['content'], 'Not mine');
    const { operations } = (await tools.call('memory_history', { memory_id: 'm1' })) as {
      operations: { operation_id: string; kind: string }[];
    };
    assert.equal(operations[0]?.kind, 'delete');
    await tools.call('undo_change', { operation_id: operations[0]?.operation_id });
    assert.equal((await tools.call('retrieve_memory', { memory_id: 'm1' }))['content'], 'Mine');
  });

  it('claim files for one agent, and say to others who has them', async () => {
    await using tools = await open();
    const other = tools.as(editor);
    const claimed = await tools.call('claim_files', { globs: ['src/api/**'], note: 'new routes' });
    const [claim] = claimed['claims'] as { id: string; fence: number; agent: string; until: string }[];
    assert.ok(claim);
    await refused(
      other.call('claim_files', { globs: ['src/**/*.ts'] }),
      'conflict',
      new RegExp(`src/api/\\*\\* by ${claim.agent} until .*Nothing was claimed.*share_context_with_agent`),
    );
    await other.call('claim_files', { globs: ['docs/**'] });
    assert.match(
      await other.text('claim_files'),
      /^src\/api\/\*\* by claude-code-\w+ \(new routes\) until .*\n/,
    );
    const held = { claim_id: claim.id, fence: claim.fence };
    const renewed = (await tools.call('claim_files', { ...held, ttl_seconds: 7200 }))['claims'];
    assert.ok((renewed as { until: string }[])[0]!.until > claim.until);
    await refused(
      tools.call('claim_files', { ...held, fence: claim.fence - 1 }),
      'stale_lease',
      /does not hold any more/,
    );
    await refused(other.call('claim_files', { ...held, release: true }), 'stale_lease', /not hold any more/);
    assert.equal(await tools.text('claim_files', { ...held, release: true }), 'Released.');
    assert.match(await other.text('claim_files', { globs: ['src/**/*.ts'] }), /^Claimed src/);
  });

  it('tell who was seen last, and how many more there are', async () => {
    await using tools = await open();
    const capabilities = Array.from({ length: 12 }, (_, i) => `can-${String(i).padStart(2, '0')}`);
    const metadata = { notes: 'm'.repeat(5_000) };
    for (let i = 0; i < 55; i++) {
      await tools.call('register_agent', { agent_id: `agent-${i}`, capabilities, metadata });
      // Each is seen later than the one before.
      await new Promise(resolve => setTimeout(resolve, 2));
    }
    const listed = (await tools.call('list_agents')) as { agents: { id: string }[]; more: number };
    const newest = Array.from({ length: 50 }, (_, i) => `agent-${54 - i}`);
    assert.deepEqual([listed.agents.map(({ id }) => id), listed.more], [newest, 5]);
    const text = await tools.text('list_agents', { limit: 2 });
    assert.match(
      text,
      /^agent-54 .*can-09, 2 more\nagent-53 .*\nand 53 more, last seen earlier: raise limit/,
    );
    assert.doesNotMatch(text, /mmm/);
    assert.equal((await tools.call('list_agents', { limit: 55 }))['more'], 0);
    await refused(
      tools.call('share_context_with_agent', { to_agent: 'nobody', content: 'x' }),
      'not_found',
      /Name a registered agent \(([\w-]+, ){9}agent-\d+ and 46 more\)/,
    );
  });

  it('refuse patterns that leave the repository, and names that break lines', async () => {
    await using tools = await open();
    const lines = 'a\nforged (Forged): online';
    const cases: readonly (readonly [string, object, RegExp])[] = [
      ['claim_files', { globs: ['../x'] }, /"\.\.\/x" leads out of the repository/],
      ['claim_files', { globs: ['src', '/etc'] }, /"\/etc" is an absolute path/],
      ['claim_files', { globs: ['a\u2028b'] }, /A pattern contains the character U\+2028/],
      ['register_agent', { agent_id: lines }, /The id of an agent contains the character U\+000A/],
      ['register_agent', { name: lines }, /The name of an agent contains/],
      ['register_agent', { capabilities: ['a\u202eb'] }, /A capability contains the character U\+202E/],
      ['update_agent_heartbeat', { status: lines }, /The status contains/],
      ['update_agent_heartbeat', { current_task: 'a\u0085b' }, /The current task contains/],
      ['distribute_task', { title: lines }, /The title contains/],
      ['distribute_task', { title: 'a', task_id: lines }, /The id contains/],
      ['distribute_task', { title: 'a', idempotency_key: lines }, /The idempotency key contains/],
      ['distribute_task', { title: 'a', preferred_agent: lines }, /The preferred agent contains/],
      ['distribute_task', { title: 'a', required_capabilities: ['\u001b[2J'] }, /A capability contains/],
      ['distribute_task', { title: 'a', depends_on: [lines] }, /A dependency contains/],
      ['share_context_with_agent', { to_agent: '*', content: 'a', topic: lines }, /The topic contains/],
      ['share_context_with_agent', { to_agent: '*', files: [lines] }, /The path of a file contains/],
      ['share_context_with_agent', { to_agent: '*', task_id: lines }, /A name contains/],
    ];
    for (const [name, input, words] of cases) await refused(tools.call(name, input), 'invalid_input', words);
    const said = { title: 'A task', description: 'Two\nlines' };
    assert.equal((await tools.call('distribute_task', said))['description'], 'Two\nlines');
    assert.equal(await tools.text('claim_files'), 'Nobody has claimed files.');
  });

  it('refuse wrong calls in words that help', async () => {
    await using tools = await open();
    await tools.call('register_agent', { agent_id: 'ann' });
    const cases: readonly (readonly [string, object, RegExp])[] = [
      ['register_agent', { agent_type: 'robot' }, /agent_type must be one of claude, gemini/],
      ['register_agent', { context_window: 0 }, /context_window must be at least 1/],
      ['register_agent', { agent_id: '' }, /agent_id must not be empty/],
      ['update_agent_heartbeat', { load: 2 }, /load must be at most 1/],
      ['unregister_agent', { memories: 'burn' }, /memories must be one of keep, transfer, delete/],
      ['unregister_agent', { agent_id: 'ann', memories: 'transfer' }, /Nobody is named.*reassign_to/],
      ['unregister_agent', { agent_id: 'ann', reassign_to: 'ann' }, /ann is the agent that leaves/],
      ['claim_files', { globs: [] }, /0 patterns of files/],
      ['claim_files', { globs: ['a'], ttl_seconds: 0 }, /1 second to 24 hours/],
      ['claim_files', { fence: 1 }, /not said which claim.*claim_id and fence/],
      ['claim_files', { claim_id: 'x' }, /fence of the claim is missing/],
      ['claim_files', { claim_id: 'x', fence: 1, globs: ['a'] }, /claim_id and fence alone/],
    ];
    for (const [name, input, words] of cases) await refused(tools.call(name, input), 'invalid_input', words);
    assert.match(await tools.text('list_agents'), /^ann /m);
  });
});
