import assert from 'node:assert/strict';
import { MemoryError } from '../../src/engine/errors.ts';
import { callToolsOn } from '../../src/tools/callTool.ts';
import { tools } from '../../src/tools/registry.ts';
import { claude, editor } from '../fixtures/callers.ts';
import { openEngine } from '../fixtures/engine.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

async function opened() {
  const folder = await temporaryFolder();
  const engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
  const call = callToolsOn(async () => engine);
  return {
    call: async (name: string, input: unknown, caller = claude) =>
      (await call(name, input, caller)).structured as Record<string, unknown>,
    text: async (name: string, input: unknown) => (await call(name, input, claude)).text,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('the memory tools', () => {
  it('store, find, read, change, list and forget a memory', async () => {
    await using memory = await opened();
    const { id } = await memory.call('store_memory', {
      content: 'Use tabs in Makefiles',
      tags: ['style'],
      memory_type: 'code',
    });
    const { memories } = await memory.call('semantic_search', { query: 'makefile indentation tabs' });
    assert.equal((memories as { id: string }[])[0]?.id, id);
    const changed = await memory.call('update_memory', {
      memory_id: id,
      content: 'Use tabs in Makefiles, always',
      priority: 'high',
    });
    assert.equal(changed['version'], 2);
    const whole = await memory.call('retrieve_memory', { memory_id: id });
    assert.deepEqual(
      [whole['content'], whole['priority'], whole['agent_id']],
      ['Use tabs in Makefiles, always', 'high', 'claude-code'],
    );
    const listed = await memory.call('get_agent_memories', {
      agent_id: 'claude-code',
      tags: ['style'],
      memory_type: 'code',
    });
    assert.equal(listed['total'], 1);
    await memory.call('clear_memory', { memory_id: id, confirm: true });
    await assert.rejects(memory.call('retrieve_memory', { memory_id: id }), error =>
      MemoryError.is(error, 'not_found'),
    );
  });

  it('keep what is sensitive, say so, and lift it', async () => {
    await using memory = await opened();
    const { id } = await memory.call('store_memory', { content: 'The vault code is 4711', sensitive: true });
    const { memories } = await memory.call('semantic_search', { query: 'vault' });
    assert.equal((memories as { content: string }[])[0]?.content, 'The vault code is 4711');
    assert.equal((await memory.call('retrieve_memory', { memory_id: id }))['sensitive'], true);
    const { memories: listed } = await memory.call('get_agent_memories', {});
    assert.equal((listed as { sensitive: boolean }[])[0]?.sensitive, true);
    await memory.call('update_memory', { memory_id: id, sensitive: false });
    const open = await memory.call('retrieve_memory', { memory_id: id });
    assert.deepEqual([open['sensitive'], open['content']], [false, 'The vault code is 4711']);
  });

  it('count, and say how recall works', async () => {
    await using memory = await opened();
    await memory.call('store_memory', { content: 'one', priority: 'low' });
    const stats = await memory.call('memory_stats', {});
    assert.deepEqual([stats['total'], stats['by_priority'], stats['mode']], [1, { low: 1 }, 'lexical']);
    assert.equal((stats['search'] as { place: string }).place, 'process');
    assert.match(await memory.text('semantic_search', { query: 'one' }), /^\[lexical only: /);
  });

  it('tell how memory grows, how fast this process answers, and from what', async () => {
    await using memory = await opened();
    assert.doesNotMatch(await memory.text('memory_stats', {}), /this process/);
    await memory.call('store_memory', { content: 'one', ttl_seconds: 60 });
    for (let i = 0; i < 4; i++) await memory.call('semantic_search', { query: 'one' });
    const stats = await memory.call('memory_stats', {});
    assert.deepEqual(stats['stored_by_day'], [...Array<number>(13).fill(0), 1]);
    assert.equal(stats['expiring_in_7_days'], 1);
    const { embedding, search } = stats['latency'] as Record<
      string,
      { count: number; p50_ms: number; p95_ms: number }
    >;
    assert.equal(search!.count, 4);
    assert.ok(search!.p50_ms > 0 && search!.p95_ms >= search!.p50_ms);
    assert.deepEqual(embedding, { count: 0, p50_ms: 0, p95_ms: 0 });
    assert.deepEqual(stats['cache_hit_ratio'], { answers: 0.75, vectors: null });
    const text = await memory.text('memory_stats', {});
    assert.match(text, /^1 stored in 14 days, 1 today; 1 to expire within 7 days$/m);
    assert.match(
      text,
      /^this process: 4 questions, p50 [\d.]+ ms, p95 [\d.]+ ms, 75 % answered from memory$/m,
    );
  });

  it('forget nothing without confirmation, and everything can come back', async () => {
    await using memory = await opened();
    const { id } = await memory.call('store_memory', { content: 'precious', tags: ['t'] });
    await assert.rejects(
      memory.call('clear_memory', { tags: ['t'] }),
      error => MemoryError.is(error) && /1 memory matches/.test(error.message),
    );
    await assert.rejects(memory.call('clear_memory', { tags: [], confirm: true }), /no condition/);
    await assert.rejects(memory.call('clear_memory', { confirm: true }), error =>
      MemoryError.is(error, 'invalid_input'),
    );
    const dry = await memory.call('clear_memory', { tags: ['t'], dry_run: true });
    assert.deepEqual([dry['matched'], dry['deleted'], dry['ids']], [1, 0, [id]]);
    const cleared = await memory.call('clear_memory', { tags: ['t'], confirm: true });
    await memory.call('undo_change', { operation_id: (cleared['operation_ids'] as string[])[0] });
    assert.equal((await memory.call('retrieve_memory', { memory_id: id }))['content'], 'precious');
    const { operations } = await memory.call('memory_history', { memory_id: id });
    assert.deepEqual(
      (operations as { kind: string }[]).map(one => one.kind),
      ['restore', 'delete', 'create'],
    );
  });

  it('show the changes of this namespace, and of a memory wherever it is', async () => {
    await using memory = await opened();
    await memory.call('store_memory', { content: 'here' });
    const { id } = await memory.call('store_memory', { content: 'elsewhere', namespace: 'other' });
    const count = async (input: object) =>
      ((await memory.call('memory_history', input))['operations'] as unknown[]).length;
    assert.equal(await count({}), 1);
    assert.equal(await count({ namespace: '*' }), 2);
    assert.equal(await count({ memory_id: id }), 1);
  });

  it('find what is similar', async () => {
    await using memory = await opened();
    const { id } = await memory.call('store_memory', { content: 'the cat sat on the mat' });
    await memory.call('store_memory', { content: 'a cat on a mat' });
    await memory.call('store_memory', { content: 'tax law' });
    const { memories } = await memory.call('find_similar_memories', { memory_id: id });
    assert.deepEqual(
      (memories as { content: string }[]).map(one => one.content),
      ['a cat on a mat'],
    );
  });

  it('run a batch by position, or all of it or none', async () => {
    await using memory = await opened();
    const operations = [
      { op: 'store_memory', args: { content: 'first' } },
      { op: 'retrieve_memory', args: { memory_id: 'none' } },
      { op: 'no_such_tool', args: {} },
      { op: 'store_memory', args: { content: 'second' } },
    ];
    const { results, succeeded, failed } = await memory.call('batch_operations', { operations });
    assert.deepEqual([succeeded, failed], [2, 2]);
    assert.deepEqual(
      (results as { ok: boolean }[]).map(one => one.ok),
      [true, false, false, true],
    );
    const stopped = await memory.call('batch_operations', { operations, stop_on_error: true });
    assert.equal((stopped['results'] as unknown[]).length, 2);
    const two = ['third', 'fourth'].map(content => ({
      op: 'store_memory',
      args: { content, memory_id: 'same' },
    }));
    await assert.rejects(memory.call('batch_operations', { operations: two, atomic: true }), error =>
      MemoryError.is(error, 'conflict'),
    );
    assert.equal((await memory.call('memory_stats', {}))['total'], 2);
  });

  it('store, change and forget in one batch, all or none', async () => {
    await using memory = await opened();
    const [old, gone] = await Promise.all(
      ['old', 'gone'].map(async content => (await memory.call('store_memory', { content }))['id'] as string),
    );
    const stored = { op: 'store_memory', args: { content: 'new', priority: 'critical' } };
    const changed = { op: 'update_memory', args: { memory_id: old, content: 'newer', expected_version: 1 } };
    const cleared = { op: 'clear_memory', args: { memory_id: gone, confirm: true } };
    const batch = (...operations: object[]) => memory.call('batch_operations', { operations, atomic: true });
    for (const [wrong, code, words] of [
      [{ op: 'store_memory', args: { content: '' } }, 'invalid_input', /^Change 4 of 4: .*content/],
      [
        { op: 'update_memory', args: { memory_id: old } },
        'invalid_input',
        /^Change 4 of 4: .*changed by change 2 already/,
      ],
      [
        { op: 'update_memory', args: { memory_id: 'nowhere', pinned: true } },
        'not_found',
        /^Change 4 of 4: /,
      ],
      [
        { op: 'clear_memory', args: { memory_id: 'nowhere', confirm: true } },
        'not_found',
        /^Change 4 of 4: /,
      ],
      [
        { op: 'clear_memory', args: { memory_id: 'nowhere' } },
        'invalid_input',
        /by memory_id alone, with confirm: true/,
      ],
      [{ op: 'clear_memory', args: { tags: ['t'], confirm: true } }, 'invalid_input', /by memory_id alone/],
      [{ op: 'memory_stats', args: {} }, 'invalid_input', /memory_stats cannot be part of an atomic batch/],
    ] as const) {
      await assert.rejects(
        batch(stored, changed, cleared, wrong),
        error => MemoryError.is(error, code) && words.test(error.message),
      );
      const { memories } = await memory.call('get_agent_memories', {});
      assert.deepEqual((memories as { content: string }[]).map(one => one.content).sort(), ['gone', 'old']);
    }
    const { results, succeeded } = await batch(stored, changed, cleared, stored);
    assert.equal(succeeded, 4);
    const answers = (results as { op: string; result: Record<string, unknown> }[]).map(
      ({ op, result }): Record<string, unknown> => ({ op, ...result }),
    );
    const { id } = answers[0]!;
    const fields = ['op', 'id', 'version', 'duplicate', 'deleted', 'ids'];
    const none = undefined;
    assert.deepEqual(
      answers.map(one => fields.map(field => one[field])),
      [
        ['store_memory', id, 1, false, none, none],
        ['update_memory', old, 2, none, none, none],
        ['clear_memory', none, none, none, 1, [gone]],
        ['store_memory', id, 1, true, none, none],
      ],
    );
    const [operation_id] = answers[2]!['operation_ids'] as string[];
    await memory.call('undo_change', { operation_id });
    assert.equal((await memory.call('retrieve_memory', { memory_id: gone }))['content'], 'gone');
  });

  it('let no memory replace itself', async () => {
    await using memory = await opened();
    const { id } = await memory.call('store_memory', { content: 'The only one.' });
    const itself = { memory_id: id, supersedes: id };
    const refused = (error: unknown) =>
      MemoryError.is(error, 'invalid_input') && /cannot replace itself/.test(error.message);
    await assert.rejects(memory.call('update_memory', itself), refused);
    // As two are merged.
    const operations = [
      { op: 'update_memory', args: itself },
      { op: 'clear_memory', args: { memory_id: id, confirm: true } },
    ];
    await assert.rejects(memory.call('batch_operations', { operations, atomic: true }), refused);
    assert.equal((await memory.call('retrieve_memory', { memory_id: id }))['content'], 'The only one.');
  });

  it('call in a batch whatever agents have, and no batch', async () => {
    await using memory = await opened();
    const operations = ['gpu_status', 'list_tasks', 'batch_operations', 'health_check'].map(op => ({
      op,
    }));
    const { results } = await memory.call('batch_operations', { operations });
    assert.deepEqual(
      (results as { ok: boolean }[]).map(one => one.ok),
      [true, true, false, false],
    );
  });

  it('show an agent what another stored, unless it is private', async () => {
    await using memory = await opened();
    await memory.call('store_memory', { content: 'shared finding' });
    await memory.call('store_memory', { content: 'private finding', visibility: 'private' });
    const { memories } = await memory.call('semantic_search', { query: 'finding' }, editor);
    assert.deepEqual(
      (memories as { content: string }[]).map(one => one.content),
      ['shared finding'],
    );
  });

  const long = 'x'.repeat(100_001);
  for (const [name, input, code] of [
    ['store_memory', { content: '' }, 'invalid_input'],
    ['store_memory', { content: '   ' }, 'invalid_input'],
    ['store_memory', { content: long }, 'invalid_input'],
    ['store_memory', { content: 'a\0b' }, 'invalid_input'],
    ['store_memory', { content: 'half \ud800' }, 'invalid_input'],
    ['store_memory', { content: 7 }, 'invalid_input'],
    ['store_memory', { text: 'x' }, 'invalid_input'],
    ['store_memory', { content: 'x', memory_type: 'poem' }, 'invalid_input'],
    ['store_memory', { content: 'x', namespace: 'a,b' }, 'invalid_input'],
    ['store_memory', { content: 'x', metadata: { big: long } }, 'too_large'],
    ['store_memory', { content: 'x', tags: ['a\0'] }, 'invalid_input'],
    ['store_memory', { content: 'x', created_at: 'yesterday' }, 'invalid_input'],
    ['semantic_search', { query: 'x', limit: 0 }, 'invalid_input'],
    ['semantic_search', { query: 'x', similarity_threshold: 2 }, 'invalid_input'],
    ['semantic_search', {}, 'invalid_input'],
    ['retrieve_memory', { memory_id: 'unknown' }, 'not_found'],
    ['update_memory', { memory_id: 'unknown', content: 'x' }, 'not_found'],
    ['undo_change', { operation_id: 'unknown' }, 'not_found'],
    ['no_such_tool', {}, 'not_found'],
  ] as const) {
    it(`${name} refuses ${JSON.stringify(input).slice(0, 60)} as ${code}, and changes nothing`, async () => {
      await using memory = await opened();
      await assert.rejects(
        memory.call(name, input),
        error => MemoryError.is(error) && error.code === code && error.fix.length > 10,
      );
      assert.equal((await memory.call('memory_stats', {}))['total'], 0);
    });
  }

  for (const query of [
    '"',
    "'; DROP TABLE memories; --",
    'NEAR(a b)',
    'a* OR ^b',
    '(((',
    '\\',
    '🦊',
    '   x',
  ]) {
    it(`semantic_search takes ${JSON.stringify(query)} for text`, async () => {
      await using memory = await opened();
      await memory.call('store_memory', { content: 'anything at all' });
      await memory.call('semantic_search', { query });
    });
  }

  it('describe themselves and every field they list first', () => {
    for (const tool of tools) {
      assert.match(tool.name, /^[a-z]+(_[a-z]+)*$/);
      assert.ok(tool.description.length > 20 && tool.title.length > 3, tool.name);
      assert.equal(
        tool.input.safeParse({ __unknown: 1 }).success,
        false,
        `${tool.name} takes unknown arguments`,
      );
    }
  });

  it('say which argument is wrong, what it is and what it may be', async () => {
    await using memory = await opened();
    const why = async (name: string, input: unknown) => {
      const error = await memory.call(name, input).catch((failure: unknown) => failure);
      assert.ok(MemoryError.is(error, 'invalid_input'), String(error));
      return error;
    };
    const wrong = await why('store_memory', {
      text: 'x',
      priority: 'urgent',
      trust: 9,
      ttl_seconds: 1.5,
      tags: ['', 3],
      metadata: [],
      valid_from: 'yesterday',
      anchors: [{ line: 3 }],
    });
    assert.equal(
      wrong.message,
      [
        'content is missing (it must be a text)',
        'priority must be one of critical, high, medium, low, archive, not "urgent"',
        'tags[0] must not be empty',
        'tags[1] must be a text, not 3',
        'metadata must be an object, not a list',
        'ttl_seconds must be a whole number, not 1.5',
        'trust must be at most 1, not 9',
        'valid_from must be an ISO date or time, such as 2026-03-01',
        'anchors[0].path is missing (it must be a text)',
        'anchors[0] has an unknown argument "line"',
        'unknown argument "text". Nothing was changed.',
      ].join('; '),
    );
    assert.match(wrong.fix, /^Correct the call; store_memory takes: content, memory_type, priority,/);
    assert.equal((await why('retrieve_memory', {})).message, 'memory_id is missing (it must be a text).');
    assert.equal(
      (await why('semantic_search', { query: 'x'.repeat(4001) })).message,
      'query must have at most 4000 characters, not 4001.',
    );
  });

  it('refuse what is nested without end, wherever it is', async () => {
    await using memory = await opened();
    let deep: unknown = 1;
    for (let i = 0; i < 3000; i++) deep = [deep];
    const args = { content: 'deep', metadata: { deep } };
    for (const [name, input] of [
      ['store_memory', args],
      ['batch_operations', { operations: [{ op: 'store_memory', args }] }],
    ] as const) {
      await assert.rejects(memory.call(name, input), error => MemoryError.is(error, 'invalid_input'));
    }
  });

  it('say to one only that it deleted, when several delete the same at once', async () => {
    await using memory = await opened();
    const { id } = await memory.call('store_memory', { content: 'once' });
    const answers = await Promise.allSettled(
      Array.from({ length: 4 }, () => memory.call('clear_memory', { memory_id: id, confirm: true })),
    );
    const reasons = answers.flatMap(answer => (answer.status === 'rejected' ? [answer.reason] : []));
    assert.equal(reasons.length, 3);
    assert.ok(reasons.every(reason => MemoryError.is(reason, 'not_found')));
  });
});
