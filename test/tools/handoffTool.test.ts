import assert from 'node:assert/strict';
import { handoffText } from '../../src/engine/handoff/handoffText.ts';
import { callerNamed, claude, editor, sessionOf } from '../fixtures/callers.ts';
import { onEachStore } from '../fixtures/onEachStore.ts';
import { refused } from '../fixtures/openTools.ts';

onEachStore('handoff', open => {
  it('continues what another agent was doing: its task, its notes, its files, with a lease of one’s own', async () => {
    await using tools = await open();
    const before = tools.as(sessionOf(claude, 'claude-7'));
    const next = tools.as(sessionOf(editor, 'vscode-7'));
    // Only the one before is known for it; whoever is told to take it over may.
    await before.call('register_agent', { capabilities: ['php'] });
    const needs = { title: 'Fix the login', task_id: 'login', required_capabilities: ['php'] };
    await before.call('distribute_task', { ...needs });
    await before.call('get_pending_tasks', { claim: true });
    await before.call('update_task', { task_id: 'login', progress: 60, note: 'Only the test is left' });
    await before.call('claim_files', { globs: ['src/login/**'] });
    await before.call('store_memory', { content: 'The cookie was never renewed', memory_id: 'm1' });
    const looked = await next.text('handoff', { from_agent: 'claude-code' });
    assert.match(looked, /^Claude Code on .* \(claude-code-\w+\), online, last seen /);
    for (const part of [
      'Task login [leased, 60 % done]: Fix the login',
      '  last note: Only the test is left',
      'Works on: src/login/**',
      '  m1: The cookie was never renewed',
    ])
      assert.ok(looked.includes(part), `${part} in\n${looked}`);
    const taken = await next.call('handoff', { take: true });
    const [lease] = taken['taken'] as { task_id: string; fence: number; lease_id: string }[];
    assert.match(String(taken['text']), /\nWorks on: src\/login\/\*\*\n/);
    assert.equal(await next.text('claim_files'), 'Nobody has claimed files.');
    assert.deepEqual([lease?.task_id, lease?.fence, taken['memories']], ['login', 2, ['m1']]);
    assert.match(
      String(taken['text']),
      new RegExp(`Now yours: login \\(fence 2, lease_id ${lease?.lease_id}\\)`),
    );
    await refused(before.call('complete_task', { task_id: 'login' }), 'stale_lease', /login/);
    assert.equal((await next.call('complete_task', { task_id: 'login' }))['state'], 'completed');
  });

  it('leaves work to another: a note, the task offered there first, the files free', async () => {
    await using tools = await open();
    const self = tools.as(sessionOf(claude, 'claude-7'));
    const next = tools.as(sessionOf(editor, 'vscode-7'));
    await next.call('register_agent', { agent_id: 'window' });
    await self.call('distribute_task', { title: 'Docs', task_id: 'docs' });
    await self.call('get_pending_tasks', { claim: true, wait_seconds: 10 });
    await self.call('claim_files', { globs: ['docs/**'] });
    const note = 'Two pages are done; the third wants pictures';
    assert.match(await self.text('handoff', { to_agent: 'window', note }), /^Left to window: /);
    assert.match(await next.text('handoff'), new RegExp(`^Left by claude-code-\\w+, handoff: ${note}$`, 'm'));
    assert.match(await next.text('list_tasks'), /docs \[ready, medium\] Docs; is offered to window/);
    assert.equal(await next.text('claim_files'), 'Nobody has claimed files.');
  });

  it('is for a client under any of its names, and says when it is not here', async () => {
    await using tools = await open();
    const self = tools.as(sessionOf(claude, 'claude-7'));
    const left = await self.text('handoff', { to_agent: 'gemini', note: 'The first half is done' });
    assert.match(
      left,
      /^Left to gemini-cli: .* Nobody of gemini-cli is here now: it is kept until one comes\.$/,
    );
    const next = tools.as(sessionOf(callerNamed('gemini-cli'), 'gemini-7'));
    assert.match(await next.text('handoff', { from_agent: 'claude' }), /handoff: The first half is done$/m);
    const again = await self.text('handoff', { to_agent: 'gemini', note: 'The second half too' });
    assert.match(again, /^Left to gemini-cli-\w+: it gets your note with handoff or get_shared_context\.$/);
  });

  it('says that nobody else was here, and refuses what makes no sense', async () => {
    await using tools = await open();
    assert.equal(await tools.text('handoff'), 'Nobody else has worked here.');
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ to_agent: 'vscode' }, /would not know where you are.*Say in note/],
      [{ to_agent: 'vscode', note: 'x', take: true }, /either continued or left/],
      [{ note: 'x' }, /no receiver.*to_agent/],
    ];
    for (const [input, words] of cases) await refused(tools.call('handoff', input), 'invalid_input', words);
    await refused(tools.call('handoff', { from_agent: 'nobody' }), 'not_found', /Nobody called "nobody"/);
    await refused(tools.call('handoff', { to_agent: 'nobody', note: 'x' }), 'not_found', /no agent "nobody"/);
  });

  it('takes no work from somebody else who is at it', async () => {
    await using tools = await open();
    const bob = { ...callerNamed('codex'), principal: { id: 'bob@host/codex', client: 'codex' } };
    const other = tools.as(sessionOf(bob, 'codex-1'));
    await tools.call('distribute_task', { title: 'Bob’s', task_id: 'bobs' });
    await other.call('get_pending_tasks', { claim: true });
    await refused(
      tools.call('handoff', { from_agent: 'codex', take: true }),
      'forbidden',
      /somebody else’s and at work.*Ask it to hand its work over/,
    );
    assert.equal((await other.call('complete_task', { task_id: 'bobs' }))['state'], 'completed');
  });

  it('stays within 1,500 tokens, whatever was left', async () => {
    await using tools = await open();
    const before = tools.as(sessionOf(claude, 'claude-7'));
    await before.call('register_agent');
    for (let i = 0; i < 15; i++) {
      const content = `${i} ${'a long memory of many words '.repeat(100)}`;
      await before.call('store_memory', { content });
      await before.call('share_context_with_agent', { to_agent: 'vscode', content });
    }
    const text = await tools.as(editor).text('handoff');
    assert.ok(text.length <= 6000, `${text.length} characters`);
    assert.match(text, /\(\d+ more lines left out; retrieve_memory and list_tasks have all\)$/);
  });
});

describe('the text of a handoff', () => {
  it('says at what somebody else was faster', () => {
    const nothing = { agent: undefined, tasks: [], taken: [], files: [], contexts: [], memories: [] };
    assert.equal(
      handoffText({ ...nothing, missed: ['a', 'b'] }),
      'Not yours, since somebody else was faster: a, b',
    );
  });
});
