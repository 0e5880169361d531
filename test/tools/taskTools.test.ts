import assert from 'node:assert/strict';
import { callerNamed, claude, editor, sessionOf } from '../fixtures/callers.ts';
import { onEachStore } from '../fixtures/onEachStore.ts';
import { refused, type ToolsOfCaller } from '../fixtures/openTools.ts';

interface Claimed extends Record<string, unknown> {
  readonly id: string;
  readonly fence: number;
  readonly lease_id: string;
  readonly claimable: boolean;
}

async function claimOf(tools: ToolsOfCaller, input: object = {}): Promise<readonly Claimed[]> {
  return (await tools.call('get_pending_tasks', { claim: true, ...input }))['tasks'] as Claimed[];
}

/** What a holder says to end the task it claimed. */
async function held(tools: ToolsOfCaller, input: object = {}) {
  const [task] = await claimOf(tools, input);
  assert.ok(task, 'nothing was claimed');
  return { task_id: task.id, fence: task.fence, lease_id: task.lease_id };
}

onEachStore('the tools of tasks', open => {
  it('hand a task from one agent to another, and its result back', async () => {
    await using tools = await open();
    const vscode = tools.as(editor);
    const { id, created, state } = await vscode.call('distribute_task', {
      title: 'Fix the login',
      description: 'It fails on Fridays',
      priority: 'high',
      payload: { branch: 'main' },
    });
    assert.deepEqual([created, state], [true, 'ready']);
    const [task] = await claimOf(tools);
    assert.deepEqual(
      [task?.id, task?.['state'], task?.['description'], task?.['payload'], task?.fence],
      [id, 'leased', 'It fails on Fridays', { branch: 'main' }, 1],
    );
    const proof = { task_id: id, fence: task?.fence, lease_id: task?.lease_id };
    await tools.call('update_task', { ...proof, progress: 40, note: 'Found the cause' });
    assert.match(await vscode.text('list_tasks'), /\[leased, high, 40 % by claude-code-\w+\] Fix the login/);
    const ended = { ...proof, result: { commit: 'abc' }, metrics: { duration_ms: 1200, tokens: 900 } };
    assert.match(await tools.text('complete_task', ended), /\[completed, high\] Fix the login$/);
    const { tasks, history } = (await vscode.call('list_tasks', { task_id: id, history: true })) as {
      tasks: Record<string, unknown>[];
      history: { event: string; to: string }[];
    };
    assert.deepEqual(
      [tasks[0]?.['result'], tasks[0]?.['metrics'], tasks[0]?.['note']],
      [{ commit: 'abc' }, { duration_ms: 1200, tokens: 900 }, 'Found the cause'],
    );
    assert.deepEqual(
      history.map(({ event }) => event),
      ['submit', 'claim', 'renew', 'complete'],
    );
    assert.deepEqual(await tools.call('task_history', { task_id: id }), { history });
  });

  it('say what a cancelled task took along', async () => {
    await using tools = await open();
    await tools.call('distribute_task', { title: 'Migrate', task_id: 'migrate' });
    for (const [task_id, ...depends_on] of [['test', 'migrate'], ['announce', 'test'], ['docs']])
      await tools.call('distribute_task', { title: task_id, task_id, depends_on });
    const cancelled = await tools.text('update_task', {
      task_id: 'migrate',
      cancel: true,
      reason: 'Not needed',
    });
    assert.match(cancelled, /; Not needed\n2 tasks that depend on it were cancelled, too: test, announce$/);
    const alone = await tools.call('update_task', { task_id: 'docs', cancel: true });
    assert.equal(alone['also_cancelled'], undefined);
  });

  it('say what can be done instead of what the state of a task does not allow', async () => {
    await using tools = await open();
    const update = (fields: object) => tools.call('update_task', { task_id: 'a', ...fields });
    await tools.call('distribute_task', { title: 'A', task_id: 'a', max_retries: 1 });
    await refused(update({ answer: 'yes' }), 'conflict', /Task a is ready\. It asked nothing/);
    await refused(update({ requeue: true }), 'conflict', /ready\. Only a dead task can be requeued\.$/);
    await tools.call('fail_task', { ...(await held(tools)), error: 'No network' });
    await refused(
      update({ requeue: true }),
      'conflict',
      /is retry_wait\. .* this one is tried again by itself\.$/,
    );
    await tools.call('distribute_task', { title: 'B', task_id: 'b' });
    const lease = await held(tools, { task_ids: ['b'] });
    await tools.call('complete_task', lease);
    await refused(
      tools.call('update_task', { task_id: 'b', cancel: true }),
      'conflict',
      /Task b is completed\. Its work is done: there is nothing left to cancel\./,
    );
    await tools.call('distribute_task', { title: 'C', task_id: 'c' });
    const lost = await held(tools, { task_ids: ['c'] });
    await tools.call('update_task', { task_id: 'c', cancel: true, reason: 'Not needed' });
    await refused(
      tools.call('complete_task', lost),
      'stale_lease',
      /cancelled: Not needed\. Stop working on it/,
    );
  });

  it('are offered to the agent that somebody chose, where it is here and can do them', async () => {
    await using tools = await open();
    const assign = (task_id: string, assign_to: string) => tools.call('update_task', { task_id, assign_to });
    await tools.call('register_agent', { agent_id: 'ann', capabilities: ['browser'] });
    await tools.call('register_agent', { agent_id: 'bob' });
    await tools.call('distribute_task', {
      ...{ title: 'Try it', task_id: 'try', required_capabilities: ['browser'], max_retries: 1 },
    });
    await tools.call('distribute_task', { title: 'Tell of it', task_id: 'tell', depends_on: ['try'] });
    await refused(assign('try', 'bob'), 'conflict', /asks for browser, which the agent bob cannot do/);
    await refused(assign('try', 'cleo'), 'not_found', /no agent "cleo"/);
    await refused(assign('tell', 'bob'), 'conflict', /blocked\. It can be assigned once what it depends on/);
    assert.match(String((await assign('try', 'ann'))['waiting']), /^is offered to ann for 10 min$/);
    const held = await tools.call('get_pending_tasks', { claim: true, agent_id: 'ann', task_ids: ['try'] });
    await refused(assign('try', 'ann'), 'conflict', /leased\. Its agent works on it/);
    const [{ fence, lease_id }] = held['tasks'] as [{ fence: number; lease_id: string }];
    await tools.call('fail_task', {
      ...{ task_id: 'try', agent_id: 'ann', error: 'No network', retry_after: 3600, fence, lease_id },
    });
    const retried = await tools.call('update_task', { task_id: 'try', retry: true });
    assert.equal(retried['state'], 'ready');
  });

  it('explain the star only where there is one', async () => {
    await using tools = await open();
    await tools.call('distribute_task', { title: 'First', task_id: 'first' });
    await tools.call('distribute_task', { title: 'Then', task_id: 'then', depends_on: ['first'] });
    assert.match(await tools.text('get_pending_tasks'), /^\* can be claimed now: claim: true\.$/m);
    assert.doesNotMatch(await tools.text('get_pending_tasks', { task_ids: ['then'] }), /^\*/m);
  });

  it('answer a completion that is said twice alike, and refuse who does not hold it', async () => {
    await using tools = await open();
    await tools.call('distribute_task', { title: 'Once', task_id: 'one' });
    const proof = await held(tools);
    await refused(
      tools.call('complete_task', { ...proof, lease_id: 'guessed' }),
      'stale_lease',
      /not the lease of the last claim.*nothing was changed/,
    );
    await refused(
      tools.call('complete_task', { task_id: 'one' }),
      'stale_lease',
      /does not hold the task "one".*get_pending_tasks.*fence and lease_id/,
    );
    const first = await tools.call('complete_task', { ...proof, result: { n: 1 } });
    assert.deepEqual(await tools.call('complete_task', { ...proof, result: { n: 2 } }), first);
    await refused(
      tools.call('fail_task', { ...proof, error: 'late' }),
      'stale_lease',
      /the task is completed/,
    );
    await refused(
      tools.call('update_task', { task_id: 'one', cancel: true }),
      'conflict',
      /Task one is completed/,
    );
  });

  it('need no proof of a session that goes on, which holds its lease itself', async () => {
    await using tools = await open();
    const session = tools.as(sessionOf(claude, 'claude-7'));
    await tools.call('distribute_task', { title: 'Quick', task_id: 'one' });
    await session.call('get_pending_tasks', { claim: true });
    const done = await session.call('complete_task', { task_id: 'one', result: { ok: true } });
    assert.equal(done['state'], 'completed');
  });

  it('say what can be claimed, and why the rest waits', async () => {
    await using tools = await open();
    const submitter = tools.as(editor);
    await tools.call('register_agent', { agent_id: 'ann', capabilities: ['rust'] });
    await submitter.call('distribute_task', { title: 'First', task_id: 'first', priority: 'low' });
    await submitter.call('distribute_task', { title: 'Then', task_id: 'then', depends_on: ['first'] });
    await submitter.call('distribute_task', {
      ...{ title: 'Rust', task_id: 'rust', required_capabilities: ['rust'], priority: 'critical' },
    });
    const draw = { title: 'Draw', task_id: 'draw', required_capabilities: ['gpu', 'paint'] };
    assert.match(await submitter.text('distribute_task', draw), /no agent with capability gpu$/);
    const listed = await tools.call('get_pending_tasks', { agent_id: 'ann' });
    assert.deepEqual(
      (listed['tasks'] as Claimed[]).map(({ id, claimable }) => [id, claimable]),
      [
        ['rust', true],
        ['first', true],
        ['then', false],
      ],
    );
    const text = await tools.text('get_pending_tasks', { agent_id: 'ann' });
    assert.match(text, /^\* rust \[ready, critical\] Rust/);
    assert.match(text, /\n- then \[blocked, medium\] Then; waits for “First” \(first, ready\)\n/);
    assert.match(await tools.text('get_pending_tasks', { agent_id: 'ann', limit: 1 }), /\n2 more\.\n/);
    const ids = (await claimOf(tools, { agent_id: 'ann', limit: 5 })).map(({ id }) => id);
    assert.deepEqual(ids, ['rust', 'first']);
    assert.match(
      await tools.text('get_pending_tasks', { agent_id: 'ann', claim: true }),
      /^There is nothing for ann now/,
    );
  });

  it('say for each task why a claim got nothing', async () => {
    await using tools = await open();
    const other = tools.as(editor);
    const submit = (task_id: string, more: object = {}) =>
      other.call('distribute_task', { title: 'Do', task_id, ...more });
    const why = async (input: object = {}) =>
      (await tools.text('get_pending_tasks', { claim: true, ...input })).split('\n');
    const [empty] = await why();
    assert.match(empty!, /^There is nothing for claude-code-\w+ now; no task waits\.$/);
    await submit('draw', { required_capabilities: ['gpu', 'rust'] });
    await tools.call('register_agent', { capabilities: ['rust'] });
    assert.equal((await why())[1], '- draw: needs gpu; if you can do that, say so with register_agent');
    await submit('then', { depends_on: ['draw'] });
    await submit('done');
    await other.call('update_task', { task_id: 'done', cancel: true });
    await submit('mine');
    await held(tools, { task_ids: ['mine'] });
    await tools.call('distribute_task', { title: 'Do', task_id: 'theirs' });
    await held(other, { task_ids: ['theirs'] });
    const [head, ...lines] = await why({ task_ids: ['then', 'done', 'mine', 'theirs', 'never'] });
    assert.match(head!, /^There is nothing for claude-code-\w+ now:$/);
    assert.equal(lines[0], '- then: waits for “Do” (draw, ready)');
    assert.equal(lines[1], '- done: is cancelled');
    assert.match(lines[2]!, /^- mine: you hold it, until \d{4}-\d\d-\d\dT[\d:]{8}Z$/);
    assert.match(lines[3]!, /^- theirs: vscode-\w+ works on it, until \S+$/);
    assert.match(lines[4]!, /^- never: there is no such task in \w+$/);
  });

  it('find the one that an agent can do among all others', async () => {
    await using tools = await open();
    await tools.call('register_agent', { agent_id: 'ann', capabilities: ['x'] });
    const submit = (i: number, capability: string) =>
      tools.call('distribute_task', {
        title: 'Do',
        task_id: `${capability}${i}`,
        required_capabilities: [capability],
      });
    await submit(0, 'x');
    for (let i = 0; i < 1050; i += 50)
      await Promise.all(Array.from({ length: 50 }, (_, at) => submit(i + at, 'y')));
    const listed = await tools.call('get_pending_tasks', { agent_id: 'ann' });
    assert.deepEqual(
      (listed['tasks'] as Claimed[]).map(({ id, claimable }) => [id, claimable]),
      [['x0', true]],
    );
    const one = await tools.call('get_pending_tasks', { agent_id: 'ann', task_ids: ['y7', 'x0', 'z'] });
    assert.deepEqual(
      (one['tasks'] as Claimed[]).map(({ id }) => id),
      ['x0'],
    );
    assert.deepEqual(
      (await claimOf(tools, { agent_id: 'ann' })).map(({ id }) => id),
      ['x0'],
    );
  }).timeout(60_000);

  it('wait for a task that comes', async () => {
    await using tools = await open();
    const waiting = claimOf(tools, { wait_seconds: 50 });
    await tools.as(editor).call('distribute_task', { title: 'At last', task_id: 'last' });
    assert.deepEqual(
      (await waiting).map(({ id }) => id),
      ['last'],
    );
  });

  it('try again what failed, bury what cannot be done, and bring it back', async () => {
    await using tools = await open();
    await tools.call('distribute_task', { title: 'Flaky', task_id: 'one', max_retries: 1 });
    const failed = { error: 'the network\nis down', retry_after: 0 };
    assert.match(
      await tools.text('fail_task', { ...(await held(tools)), ...failed }),
      /^one \[retry_wait, medium\] Flaky; is tried again in 0 s: the network is down$/,
    );
    const [again] = await claimOf(tools, { wait_seconds: 50 });
    assert.deepEqual([again?.fence, again?.['reason']], [2, 'the network\nis down']);
    const last = { task_id: 'one', fence: 2, lease_id: again?.lease_id };
    await tools.call('fail_task', { ...last, ...failed });
    assert.match(
      await tools.text('list_tasks', { states: ['dead'] }),
      /^one \[dead, medium\] Flaky; the network is down/,
    );
    await tools.call('update_task', { task_id: 'one', requeue: true });
    const broken = { ...(await held(tools)), error: 'no such branch', retryable: false };
    assert.equal((await tools.call('fail_task', broken))['state'], 'dead');
    await refused(tools.call('purge_tasks'), 'invalid_input', /does not come back.*confirm: true/);
    assert.equal(await tools.text('purge_tasks', { confirm: true }), 'Removed 1 task.');
    assert.equal(await tools.text('list_tasks'), 'No tasks match.');
  });

  it('ask for input, and go on with the answer', async () => {
    await using tools = await open();
    await tools.call('distribute_task', { title: 'Rename', task_id: 'one' });
    const proof = await held(tools);
    await tools.call('update_task', { ...proof, question: 'Which of the two?' });
    assert.match(await tools.text('list_tasks'), /waits for an answer: Which of the two\?/);
    await tools.as(editor).call('update_task', { task_id: 'one', answer: 'The first' });
    const [task] = await claimOf(tools);
    assert.deepEqual(
      [task?.['question'], task?.['answer'], task?.fence],
      ['Which of the two?', 'The first', 2],
    );
  });

  it('cancel with a reason, which the holder is told, and give back undone', async () => {
    await using tools = await open();
    await tools.call('distribute_task', { title: 'Left', task_id: 'left' });
    const note = 'half done, see branch x';
    await tools.call('update_task', { ...(await held(tools)), release: true, note });
    const [task] = await claimOf(tools);
    assert.deepEqual([task?.['note'], task?.['losses']], [note, 0]);
    await tools.as(editor).call('update_task', { task_id: 'left', cancel: true, reason: 'not needed' });
    await refused(
      tools.call('complete_task', { task_id: 'left', fence: 2, lease_id: task?.lease_id }),
      'stale_lease',
      /the task was cancelled: not needed.*Stop working on it/,
    );
  });

  it('submit the same once, by its key or its id', async () => {
    await using tools = await open();
    const task = { title: 'Nightly', idempotency_key: '2026-11-21' };
    const first = await tools.call('distribute_task', task);
    const second = await tools.call('distribute_task', task);
    assert.deepEqual([second['id'], second['created']], [first['id'], false]);
    assert.match(await tools.text('distribute_task', task), /^Queued before: /);
    await tools.call('distribute_task', { title: 'A', task_id: 'mine' });
    await refused(tools.call('distribute_task', { title: 'B', task_id: 'mine' }), 'conflict', /mine/);
  });

  it('count, and tell what each agent has to do', async () => {
    await using tools = await open();
    await tools.call('distribute_task', { title: 'A', task_id: 'a' });
    await tools.call('distribute_task', { title: 'B', task_id: 'b' });
    await tools.call('complete_task', await held(tools, { task_ids: ['a'] }));
    const empty = { blocked: 0, leased: 0, input_required: 0, retry_wait: 0, dead: 0, cancelled: 0 };
    const stats = await tools.call('task_stats');
    assert.deepEqual(
      [stats['by_state'], stats['completed'], stats['completion_rate']],
      [{ ...empty, ready: 1, completed: 1 }, 1, 1],
    );
    assert.match(
      await tools.text('task_stats'),
      /^tasks: .*\ncompleted 1, 100 %, died 0, retried 0, lost 0\nclaude-code-/,
    );
    assert.equal((await tools.call('task_stats', { namespace: 'elsewhere' }))['completion_rate'], null);
  });

  it('watch what happens, each event once', async () => {
    await using tools = await open();
    const { cursor } = await tools.call('watch_events', { wait_seconds: 0 });
    const next = tools.call('watch_events', { cursor });
    await tools.call('distribute_task', { title: 'A', task_id: 'a' });
    const seen: unknown[] = [];
    let at = await next;
    while (!seen.includes('a')) {
      seen.push(...(at['events'] as { subject: string }[]).map(event => event.subject));
      at = await tools.call('watch_events', { cursor: at['cursor'], wait_seconds: 1 });
    }
    await tools.call('store_memory', { content: 'One more', memory_id: 'm1' });
    const after = await tools.call('watch_events', { cursor: at['cursor'] });
    assert.match(JSON.stringify(after['events']), /"type":"memory".*"subject":"m1","change":"create"/);
    assert.equal(new Set(seen).size, seen.length);
    await refused(
      tools.call('watch_events', { cursor: 'x' }),
      'invalid_input',
      /"x" is no place in the feed/,
    );
  });
});

onEachStore('wrong calls of the tools of tasks', open => {
  const cases: readonly (readonly [string, object, RegExp])[] = [
    ['distribute_task', {}, /title is missing/],
    ['distribute_task', { title: '   ' }, /title of a task is empty/],
    ['distribute_task', { title: 'x', deadline: 'soon' }, /deadline must be an ISO date/],
    ['distribute_task', { title: 'x', lease_seconds: 9_007_199_254_740_991 }, /86400|24 hours/],
    ['distribute_task', { title: 'x', deadline: '9999-12-31T23:59:59-23:00' }, /deadline is no time/],
    ['distribute_task', { title: 'x', retry_seconds: 1e300 }, /retry_seconds must be at most/],
    ['fail_task', { task_id: 'x', error: 'y', retry_after: 1e300 }, /retry_after must be at most/],
    ['distribute_task', { title: 'x', lease_seconds: 0.1 }, /1 second to 24 hours/],
    ['distribute_task', { title: 'x', priority: 'urgent' }, /priority must be one of critical/],
    ['distribute_task', { title: 'x', depends_on: ['x'], task_id: 'x' }, /depends on itself/],
    ['get_pending_tasks', { wait_seconds: 51 }, /wait_seconds must be at most 50/],
    ['get_pending_tasks', { claim: true, limit: 101 }, /limit must be at most 100/],
    ['update_task', { task_id: 'x' }, /No change of the task is named.*Give one of/],
    ['update_task', { task_id: 'x', progress: 101 }, /progress must be at most 100/],
    ['update_task', { task_id: 'x', progress: 1, question: 'a' }, /progress and question do not go together/],
    ['update_task', { task_id: 'x', cancel: true, requeue: true }, /cancel and requeue do not go together/],
    ['update_task', { task_id: 'x', reason: 'why' }, /reason is no change by itself/],
    ['update_task', { task_id: 'x', note: 'a', release_to: 'b' }, /note and release_to do not go together/],
    ['list_tasks', { states: ['lost'] }, /states\[0\] must be one of blocked/],
    ['purge_tasks', { states: ['ready'] }, /states\[0\] must be one of completed/],
  ];
  it('are refused in words that help', async () => {
    await using tools = await open();
    for (const [name, input, words] of cases) await refused(tools.call(name, input), 'invalid_input', words);
    for (const [name, input] of [
      ['complete_task', { task_id: 'x', fence: 1, lease_id: 'y' }],
      ['list_tasks', { task_id: 'x' }],
      ['task_history', { task_id: 'x' }],
      ['update_task', { task_id: 'x', answer: 'y' }],
      ['distribute_task', { title: 'x', depends_on: ['nobody'] }],
      ['get_pending_tasks', { agent_id: 'nobody' }],
    ] as const)
      await refused(tools.call(name, input), 'not_found', /nobody|"?x"?/);
    const stranger = tools.as(callerNamed('gemini-cli'));
    await tools.call('register_agent', { agent_id: 'mine' });
    await refused(
      stranger.call('get_pending_tasks', { agent_id: 'mine', claim: true }),
      'forbidden',
      /belongs to another user or client.*leave agent_id out/,
    );
  });

  it('keep secrets out, and refuse what is too long', async () => {
    await using tools = await open();
    const description = 'use the token ghp_0123456789abcdefghijABCDEFGHIJ012345';
    const { id } = await tools.call('distribute_task', { title: 'Deploy', description });
    assert.doesNotMatch(await tools.text('list_tasks', { task_id: id }), /ghp_0123456789/);
    const result = { text: 'x'.repeat(100_001) };
    await refused(
      tools.call('complete_task', { ...(await held(tools)), result }),
      'too_large',
      /The result has 100\d{3} characters/,
    );
  });
});
