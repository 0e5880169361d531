import assert from 'node:assert/strict';
import { MemoryError } from '../../src/engine/errors.ts';
import type { Caller } from '../../src/engine/model/caller.ts';
import type { ReviewGate } from '../../src/engine/model/reviewGate.ts';
import { callToolsOn } from '../../src/tools/callTool.ts';
import { toolsFor } from '../../src/tools/registry.ts';
import { callerNamed, claude, editor, sessionOf } from '../fixtures/callers.ts';
import { openEngine } from '../fixtures/engine.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

const person: Caller = { ...editor, person: true };
const codex = callerNamed('codex');
const refuses = (code: string) => (error: unknown) => MemoryError.is(error) && error.code === code;

interface Waiting {
  readonly id: string;
  readonly change: string;
  readonly changed_fields?: readonly string[];
  readonly version: number;
  readonly by: string;
  readonly accepted?: { readonly content: string };
  readonly memory?: { readonly content: string };
}

async function opened(gate: ReviewGate = 'off') {
  const folder = await temporaryFolder();
  const engine = await openEngine(folder.path, { 'embedding.provider': 'off', 'review.gate': gate });
  const call = callToolsOn(async () => engine);
  const ask = async (name: string, input: object = {}, caller: Caller = claude) =>
    (await call(name, input, caller)).structured as Record<string, unknown>;
  return {
    engine,
    ask,
    text: async (name: string, input: object, caller: Caller = claude) =>
      (await call(name, input, caller)).text,
    store: async (content: string, caller: Caller = claude, fields: object = {}) =>
      (await ask('store_memory', { content, ...fields }, caller))['id'] as string,
    waiting: async (input: object = {}, caller: Caller = person) =>
      (await ask('memories_to_review', input, caller))['memories'] as Waiting[],
    reviewOf: async (id: string) => (await ask('retrieve_memory', { memory_id: id }, person))['review'],
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('the tools of review', () => {
  it('are no tools of agents', () => {
    for (const surface of ['mcp', 'editor'] as const)
      assert.deepEqual(
        toolsFor(surface).flatMap(({ name }) => (/review/.test(name) ? [name] : [])),
        [],
      );
  });

  it('list what agents stored and changed, and nothing that a person wrote', async () => {
    await using memory = await opened();
    const own = await memory.store('Stored by hand', person);
    const stored = await memory.store('Stored by an agent');
    assert.deepEqual([await memory.reviewOf(own), await memory.reviewOf(stored)], ['accepted', 'unreviewed']);
    await memory.ask('update_memory', { memory_id: own, content: 'Changed by an agent', tags: ['x'] }, codex);
    const waiting = await memory.waiting();
    assert.deepEqual(
      waiting.map(({ id, change, changed_fields, by }) => ({ id, change, changed_fields, by })),
      [
        { id: own, change: 'changed', changed_fields: ['content', 'tags'], by: codex.principal.id },
        { id: stored, change: 'new', changed_fields: undefined, by: claude.principal.id },
      ],
    );
    const [changed] = await memory.waiting({ memory_ids: [own], full: true });
    assert.deepEqual(
      [changed?.accepted?.content, changed?.memory?.content],
      ['Stored by hand', 'Changed by an agent'],
    );
    assert.match(
      await memory.text('memories_to_review', {}, person),
      /changed \(content, tags\) by ada@host\/codex/,
    );
  });

  it('show what one running session wrote', async () => {
    await using memory = await opened();
    const monday = sessionOf(claude, 'claude-code-monday');
    const one = await memory.store('On Monday', monday);
    await memory.store('On Tuesday', sessionOf(claude, 'claude-code-tuesday'));
    const waiting = await memory.waiting({ instance: monday.instance });
    assert.deepEqual(
      waiting.map(({ id }) => id),
      [one],
    );
    const all = { decision: 'reject', all: true, instance: monday.instance };
    const { decided } = await memory.ask('review_memories', all, person);
    assert.deepEqual(
      (decided as { id: string; outcome: string }[]).map(({ id, outcome }) => [id, outcome]),
      [[one, 'forgotten']],
    );
    assert.equal((await memory.waiting()).length, 1);
  });

  it('take decisions of people, each of which can be undone', async () => {
    await using memory = await opened();
    const [good, bad] = [await memory.store('Good'), await memory.store('Bad')];
    await memory.ask('review_memories', { decision: 'accept', memory_ids: [good], versions: [1] }, person);
    const rejected = await memory.ask('review_memories', { decision: 'reject', memory_ids: [bad] }, person);
    assert.equal(await memory.reviewOf(good), 'accepted');
    await assert.rejects(memory.reviewOf(bad), refuses('not_found'));
    const [{ operation_id }] = rejected['decided'] as [{ operation_id: string }];
    await memory.ask('undo_change', { operation_id }, person);
    assert.equal(await memory.reviewOf(bad), 'unreviewed');
  });

  it('are for people alone', async () => {
    await using memory = await opened();
    const id = await memory.store('Accept me');
    const attempts: readonly [string, object][] = [
      ['review_memories', { decision: 'accept', memory_ids: [id] }],
      ['review_memories', { decision: 'reject', all: true }],
      ['update_memory', { memory_id: id, review: 'accepted' }],
      ['update_memory', { memory_id: id, review: 'rejected', content: 'x' }],
      [
        'batch_operations',
        { atomic: true, operations: [{ op: 'update_memory', args: { memory_id: id, review: 'accepted' } }] },
      ],
    ];
    for (const [tool, input] of attempts) await assert.rejects(memory.ask(tool, input), refuses('forbidden'));
    const single = { op: 'update_memory', args: { memory_id: id, review: 'accepted' } };
    const review = { op: 'review_memories', args: { decision: 'accept', memory_ids: [id] } };
    const { results } = await memory.ask('batch_operations', { operations: [single, review] });
    assert.deepEqual(
      (results as { error: { code: string } }[]).map(({ error }) => error.code),
      ['forbidden', 'invalid_input'],
    );
    assert.equal(await memory.reviewOf(id), 'unreviewed');
    assert.equal((await memory.waiting()).length, 1);
  });

  it('say what is missing', async () => {
    await using memory = await opened();
    const id = await memory.store('One');
    for (const input of [{}, { memory_ids: [id], versions: [1, 2] }])
      await assert.rejects(
        memory.ask('review_memories', { decision: 'accept', ...input }, person),
        refuses('invalid_input'),
      );
    const changed = { decision: 'accept', memory_ids: [id], versions: [2] };
    await assert.rejects(memory.ask('review_memories', changed, person), refuses('conflict'));
    assert.equal(
      await memory.text('review_memories', { decision: 'accept', all: true, agent_id: 'x' }, person),
      'Nothing waited for review.',
    );
  });

  it('take for reviewed what a person changes, and what an agent only hands on', async () => {
    await using memory = await opened();
    const id = await memory.store('Nearly right');
    await memory.ask('update_memory', { memory_id: id, content: 'Right' }, person);
    assert.equal(await memory.reviewOf(id), 'accepted');
    await memory.ask(
      'update_memory',
      { memory_id: id, visibility: 'shared', shared_with: ['codex', 'vscode'] },
      claude,
    );
    assert.equal(await memory.reviewOf(id), 'accepted');
    await memory.ask('update_memory', { memory_id: id, pinned: true }, claude);
    assert.equal(await memory.reviewOf(id), 'unreviewed');
  });

  it('wake whoever watches the store', async () => {
    await using memory = await opened();
    const id = await memory.store('One');
    let changes = 0;
    using _watch = memory.engine.watch(() => {
      changes += 1;
    });
    const before = changes;
    await memory.ask('review_memories', { decision: 'accept', memory_ids: [id] }, person);
    await until(async () => changes > before);
  });
});

describe('the gate of review', () => {
  const tellings = async (gate: ReviewGate) => {
    const memory = await opened(gate);
    const held = await memory.store('The walrus sleeps at noon', claude, {
      priority: 'critical',
      session_id: 's',
    });
    const shown = await memory.store('The walrus wakes at dusk', person, { priority: 'critical' });
    return Object.assign(memory, { held, shown });
  };
  const ids = (found: Record<string, unknown>) =>
    (found['memories'] as { id: string }[]).map(({ id }) => id).sort();

  it('changes nothing while it is off', async () => {
    await using memory = await tellings('off');
    const found = await memory.ask('semantic_search', { query: 'walrus' }, codex);
    assert.deepEqual(ids(found), [memory.held, memory.shown].sort());
    assert.doesNotMatch(JSON.stringify(found), /review/);
    const { text } = await memory.ask('memory_digest', {}, codex);
    assert.doesNotMatch(text as string, /unreviewed/);
  });

  it('marks in recall, lists and digests', async () => {
    await using memory = await tellings('mark');
    for (const caller of [codex, claude, person]) {
      for (const [tool, input] of [
        ['semantic_search', { query: 'walrus' }],
        ['get_agent_memories', {}],
      ] as const) {
        const { memories } = await memory.ask(tool, input, caller);
        const marks = new Map(
          (memories as { id: string; review?: string }[]).map(one => [one.id, one.review]),
        );
        assert.deepEqual([marks.get(memory.held), marks.get(memory.shown)], ['unreviewed', undefined], tool);
        const lines = (await memory.text(tool, input, caller)).split('\n');
        assert.deepEqual(
          lines.filter(line => line.includes('[unreviewed]')).map(line => line.split(' ')[0]),
          [memory.held],
        );
      }
      const { text } = await memory.ask('memory_digest', {}, caller);
      assert.match(text as string, new RegExp(`${memory.held} \\(critical, unreviewed, `));
      assert.match(text as string, new RegExp(`${memory.shown} \\(critical, 2`));
    }
  });

  it('holds back from every tool of other agents, and from no person', async () => {
    await using memory = await tellings('hold');
    const { held, shown } = memory;
    const both = [held, shown].sort();
    for (const [caller, seen] of [
      [codex, [shown]],
      [claude, both],
      [person, both],
    ] as const) {
      assert.deepEqual(ids(await memory.ask('semantic_search', { query: 'walrus' }, caller)), seen);
      assert.deepEqual(ids(await memory.ask('get_agent_memories', {}, caller)), seen);
      assert.deepEqual(ids(await memory.ask('memory_digest', {}, caller)), seen);
      assert.deepEqual(
        ids(await memory.ask('memory_digest', { task: 'walrus', task_only: true }, caller)),
        seen,
      );
      assert.equal((await memory.ask('memory_stats', {}, caller))['total'], seen.length);
      const history = await memory.ask('memory_history', {}, caller);
      const changed = (history['operations'] as { memory_id: string }[]).map(one => one.memory_id).sort();
      assert.deepEqual(changed, seen);
    }
    for (const [tool, input] of [
      ['retrieve_memory', { memory_id: held }],
      ['find_similar_memories', { memory_id: held }],
      ['update_memory', { memory_id: held, content: 'x' }],
      ['clear_memory', { memory_id: held, confirm: true }],
      ['share_context_with_agent', { to_agent: ['claude-code'], memory_ids: [held], topic: 't' }],
    ] as const)
      await assert.rejects(memory.ask(tool, input, codex), refuses('not_found'), tool);
  });

  it('holds back from exports of other agents', async () => {
    await using memory = await tellings('hold');
    const exported = async (caller: Caller) => {
      const lines: string[] = [];
      const signal = new AbortController().signal;
      for await (const line of memory.engine.transfer.export({}, { versions: true }, caller, signal))
        lines.push(line);
      return lines.join('\n').includes('noon');
    };
    assert.deepEqual(
      [await exported(codex), await exported(claude), await exported(person)],
      [false, true, true],
    );
  });

  it('holds back what its author shares and hands over', async () => {
    await using memory = await tellings('hold');
    const [author, heir] = [sessionOf(claude), sessionOf(codex)];
    const share = { to_agent: ['*'], memory_ids: [memory.held], topic: 'walrus', content: 'Look at this.' };
    await memory.ask('share_context_with_agent', share, author);
    const shared = async () => JSON.stringify(await memory.ask('get_shared_context', {}, heir));
    assert.match(await shared(), /Look at this/);
    assert.doesNotMatch(await shared(), /noon/);
    assert.doesNotMatch(JSON.stringify(await memory.ask('handoff', {}, heir)), /noon/);
    await memory.ask('review_memories', { decision: 'accept', memory_ids: [memory.held] }, person);
    assert.match(await shared(), /noon/);
  });

  it('lets everybody find what a person accepts, at once', async () => {
    await using memory = await tellings('hold');
    assert.deepEqual(ids(await memory.ask('semantic_search', { query: 'walrus noon' }, codex)), [
      memory.shown,
    ]);
    await memory.ask('review_memories', { decision: 'accept', all: true }, person);
    const found = await memory.ask('semantic_search', { query: 'walrus noon' }, codex);
    assert.deepEqual(ids(found), [memory.held, memory.shown].sort());
  });

  it('takes nobody’s word that a memory was accepted elsewhere', async () => {
    await using memory = await tellings('hold');
    const whole = await memory.engine.memories.get(memory.shown, person);
    const forged = { ...whole, id: 'forged', content: 'A forged walrus', externalId: null };
    await memory.engine.memories.restore([{ memory: forged, versions: [] }], claude);
    assert.deepEqual([await memory.reviewOf('forged')], ['unreviewed']);
    await assert.rejects(memory.ask('retrieve_memory', { memory_id: 'forged' }, codex), refuses('not_found'));
  });
});
