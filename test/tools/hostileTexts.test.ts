import assert from 'node:assert/strict';
import type { Resource } from '@modelcontextprotocol/server';
import type { MemoryError } from '../../src/engine/errors.ts';
import { handoffText } from '../../src/engine/handoff/handoffText.ts';
import { RECENT_URI } from '../../src/surfaces/mcp/memoryUri.ts';
import { listResources, readResource } from '../../src/surfaces/mcp/resources.ts';
import { agentsPage, contextsPage, taskPage, tasksPage } from '../../src/surfaces/mcp/workPages.ts';
import { findTool } from '../../src/tools/registry.ts';
import { claude, editor, sessionOf } from '../fixtures/callers.ts';
import { checkHarmless, HOSTILE, poisoned } from '../fixtures/hostileText.ts';
import { type OpenTools, openTools, refused } from '../fixtures/openTools.ts';

const worker = sessionOf(claude);
const other = sessionOf(editor);

/** Work in which every text of several lines is hostile; what is one line today may be more in a store of before, so it is poisoned later. */
async function hostileWork(tools: OpenTools): Promise<void> {
  const self = tools.as(worker);
  await self.call('update_agent_heartbeat', { current_task: 'Mend it' });
  for (const task_id of ['asked', 'dead', 'done'])
    await self.call('distribute_task', {
      ...{ task_id, title: 'Mend it', description: HOSTILE, payload: { text: HOSTILE }, max_retries: 0 },
    });
  await self.call('get_pending_tasks', { claim: true, limit: 3 });
  await self.call('update_task', { task_id: 'done', progress: 50, note: HOSTILE });
  await self.call('update_task', { task_id: 'asked', question: HOSTILE });
  await self.call('fail_task', { task_id: 'dead', error: HOSTILE });
  await self.call('complete_task', { task_id: 'done', result: { text: HOSTILE } });
  await self.call('claim_files', { globs: ['src/**'], note: 'mine' });
  await self.call('store_memory', { content: HOSTILE, memory_id: 'm1' });
  await self.call('share_context_with_agent', {
    ...{ to_agent: '*', topic: 'login', content: HOSTILE, memory_ids: ['m1'], files: ['src/a.ts'] },
  });
}

const LISTINGS: readonly (readonly [string, object])[] = [
  ['list_tasks', {}],
  ['list_tasks', { task_id: 'asked' }],
  ['list_tasks', { task_id: 'done', history: true }],
  ['get_pending_tasks', {}],
  ['task_history', { task_id: 'done' }],
  ['task_stats', {}],
  ['list_agents', {}],
  ['claim_files', {}],
  ['get_shared_context', {}],
];

const WHOLE: readonly (readonly [string, object])[] = [
  ['list_tasks', { task_id: 'asked' }],
  ['list_tasks', { task_id: 'done', history: true }],
  ['list_tasks', { states: ['dead'] }],
  ['task_history', { task_id: 'done' }],
  ['get_shared_context', {}],
  ['handoff', { from_agent: 'claude-code' }],
];

describe('hostile texts of others', () => {
  it('forge no line and drive no terminal in what a tool tells', async () => {
    await using tools = await openTools();
    await hostileWork(tools);
    const next = tools.as(other);
    for (const [name, input] of LISTINGS) {
      const structured = await next.call(name, input);
      checkHarmless(findTool(name)!.summarize(poisoned(structured) as never));
    }
    for (const [name, input] of WHOLE) checkHarmless(await next.text(name, input));
  });

  it('forge nothing in a handover and on a page', async () => {
    await using tools = await openTools();
    await hostileWork(tools);
    const { agents, contexts, files, handoffs, tasks } = tools.engine;
    const known = poisoned(await agents.list(['shop']));
    const { tasks: shown, total } = await tasks.list({ namespaces: ['shop'] }, { limit: 9, offset: 0 });
    const claims = poisoned(await files.list(['shop']));
    const received = poisoned(await contexts.received({ limit: 9 }, other));
    const counts = await tasks.counts(['shop']);
    checkHarmless(tasksPage(poisoned(shown), total, counts, known));
    for (const one of shown) {
      const history = poisoned(await tasks.history({ id: one.task.id, namespace: 'shop' }, other));
      checkHarmless(taskPage(poisoned(one), history, known));
    }
    checkHarmless(agentsPage(known, await tasks.loadsOf(known), claims));
    checkHarmless(contextsPage(received));
    checkHarmless(handoffText(poisoned(await handoffs.receive('claude-code', false, undefined, other))));
  });

  it('forge no line and drive no terminal where they are memories, whatever of one they are', async () => {
    await using tools = await openTools();
    const next = tools.as(other);
    const hostile = { content: HOSTILE, memory_id: HOSTILE.slice(0, 200), session_id: 's' };
    await tools.call('store_memory', {
      ...hostile,
      tags: [HOSTILE.slice(0, 60)],
      agent_id: HOSTILE.slice(0, 200),
    });
    await tools.call('store_memory', { content: `forged ${HOSTILE}` });
    const { memory_id } = hostile;
    const { operation_id } = await next.call('update_memory', { memory_id, priority: 'high' });
    const texts = [
      await next.text('get_agent_memories'),
      await next.text('get_agent_memories', { full: true }),
      await next.text('semantic_search', { query: 'forged', similarity_threshold: 0 }),
      await next.text('find_similar_memories', { memory_id, similarity_threshold: 0 }),
      await next.text('memory_history'),
      await next.text('memory_stats'),
      await next.text('memory_digest', { task: 'forged' }),
      await next.text('clear_memory', { memory_id, dry_run: true }),
      await next.text('update_memory', { memory_id, pinned: true }),
      (await next.text('retrieve_memory', { memory_id })).split('\n\n', 1)[0]!,
      (await readResource(RECENT_URI, tools.engine, other)).contents
        .map(page => 'text' in page && page.text)
        .join(),
    ];
    for (const text of texts) checkHarmless(text);
    const [{ name }] = (await listResources(tools.engine, other)).filter(one =>
      one.uri.includes('forged'),
    ) as [Resource];
    assert.doesNotMatch(name, /[\p{Cc}\u202e]/u);
    await assert.rejects(next.text('undo_change', { operation_id }), /changed since/);
  });

  it('forge nothing in a refusal of what is not there, nor in a batch', async () => {
    await using tools = await openTools();
    const calls: readonly (readonly [string, object])[] = [
      ['retrieve_memory', { memory_id: HOSTILE.slice(0, 200) }],
      ['revoke_shared_context', { context_id: HOSTILE.slice(0, 200) }],
      ['complete_task', { task_id: HOSTILE.slice(0, 200) }],
      ['memory_stats', { namespace: HOSTILE }],
    ];
    for (const [op, args] of calls) {
      await assert.rejects(tools.call(op, args), (error: MemoryError) => {
        assert.doesNotMatch(
          error.message + error.fix,
          /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u,
        );
        return true;
      });
      const text = await tools.text('batch_operations', { operations: [{ op, args }] });
      assert.doesNotMatch(text, /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }
  });

  it('forge nothing in a refusal', async () => {
    await using tools = await openTools();
    await tools.call('distribute_task', { title: 'x', task_id: 'x' });
    await tools.call('update_task', { task_id: 'x', cancel: true, reason: HOSTILE });
    await assert.rejects(tools.call('update_task', { task_id: 'x', requeue: true }), (error: Error) => {
      checkHarmless(error.message);
      return true;
    });
  });
});

describe('what tools of work refuse', () => {
  it('is a key that would be lost, and text that no store can keep, however deep', async () => {
    await using tools = await openTools();
    const lost: unknown = JSON.parse('{"title":"x","payload":{"a":{"__proto__":1}}}');
    await refused(tools.call('distribute_task', lost), 'invalid_input', /"__proto__".*another name/);
    for (const text of ['a\0b', 'half \ud83d']) {
      const deep = { a: [{ b: text }] };
      const calls: readonly (readonly [string, object])[] = [
        ['distribute_task', { title: 'x', payload: deep }],
        ['register_agent', { metadata: deep }],
        ['share_context_with_agent', { to_agent: '*', content: 'x', metadata: deep }],
        ['complete_task', { task_id: 'x', result: deep }],
        ['complete_task', { task_id: 'x', metrics: { [text]: 1 } }],
      ];
      for (const [name, input] of calls)
        await refused(tools.call(name, input), 'invalid_input', /NUL character|surrogate pair/);
    }
  });

  it('is a time that is over, a day that does not exist and a lease without end', async () => {
    await using tools = await openTools();
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ deadline: '2020-01-01' }, /deadline 2020-01-01T00:00:00.000Z is over.*lies ahead/],
      [{ deadline: '2999-02-31' }, /deadline must be a day that exists/],
      [{ deadline: '2999-02-30T12:00Z' }, /deadline must be a day that exists/],
      [{ lease_seconds: 1e308 }, /lease_seconds must be at most 86400/],
    ];
    for (const [input, words] of cases)
      await refused(tools.call('distribute_task', { title: 'x', ...input }), 'invalid_input', words);
    const leap = { title: 'x', task_id: 'leap', deadline: '2996-02-29T23:59:59+14:00' };
    assert.equal((await tools.call('distribute_task', leap))['deadline'], '2996-02-29T09:59:59.000Z');
  });

  it('is a word that would change nothing', async () => {
    await using tools = await openTools();
    for (const input of [{ note: 'mine' }, { ttl_seconds: 60 }])
      await refused(tools.call('claim_files', input), 'invalid_input', /not said which files.*Give globs/);
    for (const input of [{ wait_seconds: 1 }, { lease_seconds: 60 }])
      await refused(tools.call('get_pending_tasks', input), 'invalid_input', /for claiming.*claim: true/);
  });
});

describe('secrets in what agents say of their work', () => {
  it('are masked wherever it is kept', async () => {
    await using tools = await openTools();
    const self = tools.as(worker);
    const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const text = `The token is ${secret}`;
    await self.call('register_agent', { metadata: { text } });
    await self.call('update_agent_heartbeat', { current_task: text });
    await self.call('claim_files', { globs: ['src/**'], note: text });
    for (const task_id of ['a', 'b', 'c']) await self.call('distribute_task', { title: 'x', task_id });
    await self.call('get_pending_tasks', { claim: true, limit: 3 });
    await tools.as(other).call('register_agent', { agent_id: 'window' });
    await self.call('complete_task', { task_id: 'a', metrics: { text } });
    await self.call('update_task', { task_id: 'b', release: true, note: text });
    const seen = [
      await self.call('list_agents'),
      await self.call('claim_files'),
      await self.call('handoff', { to_agent: 'window', note: text }),
      await self.call('list_tasks'),
      await tools.as(other).call('get_shared_context'),
    ];
    for (const task_id of ['a', 'b', 'c']) seen.push(await self.call('task_history', { task_id }));
    const all = JSON.stringify(seen);
    assert.ok(!all.includes(secret), all);
    assert.ok(all.split('The token is ').length > 6);
  });
});

describe('a note that is left with work', () => {
  it('is cut at whole characters, and left once however often it is said', async () => {
    await using tools = await openTools();
    const [self, next] = [tools.as(worker), tools.as(other)];
    await self.call('distribute_task', { title: 'x', task_id: 'x' });
    await self.call('get_pending_tasks', { claim: true });
    await next.call('register_agent', { agent_id: 'window' });
    const left = { to_agent: 'window', note: `${'x'.repeat(999)}😀 end` };
    const first = await self.call('handoff', left);
    const { history } = (await next.call('task_history', { task_id: 'x' })) as {
      history: { to: string; note: string }[];
    };
    assert.deepEqual([history.at(-1)?.to, history.at(-1)?.note], ['ready', 'x'.repeat(999)]);
    assert.equal((await self.call('handoff', left))['context_id'], first['context_id']);
    const { contexts } = (await next.call('get_shared_context')) as { contexts: { content: string }[] };
    assert.deepEqual(
      contexts.map(({ content }) => content),
      [left.note],
    );
    const another = await self.call('handoff', { ...left, note: 'something else' });
    assert.notEqual(another['context_id'], first['context_id']);
  });

  it('is refused before anything is changed', async () => {
    await using tools = await openTools();
    const [self, next] = [tools.as(worker), tools.as(other)];
    await next.call('register_agent', { agent_id: 'window' });
    await self.call('claim_files', { globs: ['src/**'] });
    const note = 'half \ud83d';
    await refused(self.call('handoff', { to_agent: 'window', note }), 'invalid_input', /surrogate/);
    assert.equal(await next.text('get_shared_context'), 'Nothing is shared with you.');
    assert.match(await next.text('claim_files'), /^src/);
  });
});
