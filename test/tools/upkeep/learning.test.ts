import assert from 'node:assert/strict';
import type { LearningEntry } from '../../../src/engine/ports/learningQueue.ts';
import { claude, editor } from '../../fixtures/callers.ts';
import { onEachStore } from '../../fixtures/onEachStore.ts';
import type { OpenTools } from '../../fixtures/openTools.ts';

const entry: LearningEntry = {
  sessionId: 's1',
  userQuery: 'Which tests are slow?',
  toolUsed: 'bash',
  toolArgs: '{"command":"npm test"}',
  result: 'The tests of the editor',
  success: true,
  durationMs: 1200,
  node: 'atlas',
};

async function learnt(memory: OpenTools, namespace = 'learning') {
  const page = { limit: 1000, offset: 0, order: 'oldest' as const };
  return (await memory.engine.memories.list({ namespaces: [namespace] }, page, claude)).memories;
}

onEachStore('the learning queue', open => {
  it('becomes memories, each entry once, and what repeats one memory', async () => {
    await using memory = await open();
    const { learning } = memory.engine.records;
    const [first] = await learning.append([entry, { ...entry, success: false, result: '' }, entry]);
    assert.deepEqual(await memory.call('process_learning'), {
      ...{ learnt: 2, repeated: 1, known: 0, set_apart: [] },
    });
    assert.deepEqual(await memory.call('process_learning'), {
      ...{ learnt: 0, repeated: 0, known: 0, set_apart: [] },
    });
    assert.deepEqual((await learning.size()).pending, { training_pipeline: 0, analytics: 0 });
    const [one, two, ...others] = await learnt(memory);
    assert.deepEqual(others, []);
    assert.equal(
      one?.content,
      'Asked: Which tests are slow?\nbash went well with {"command":"npm test"}\nResult: The tests of the editor',
    );
    assert.deepEqual(
      [one?.id, one?.tags, one?.session, one?.review, one?.provenance.uri],
      [`learning-${first}`, ['bash', 'learning', 'went-well'], 's1', 'unreviewed', `learning:queue/${first}`],
    );
    assert.match(two!.content, /^Asked: Which tests are slow\?\nbash failed with/);
  });

  it('is taken over from a consumer that died before it could say what it had done', async () => {
    await using memory = await open();
    const { learning } = memory.engine.records;
    await learning.append([entry, { ...entry, userQuery: 'Another' }, { ...entry, userQuery: 'A third' }]);
    // It had made a memory of the first.
    const [given] = await learning.read('training_pipeline', 'dead', 3);
    await memory.engine.memories.store(
      [{ id: `learning-${given!.id}`, content: 'Which tests are slow', namespace: 'learning' }],
      claude,
    );
    const { learning: process } = memory.engine.upkeep;
    const never = new AbortController().signal;
    const report = await process.run({ consumer: 'heir', abandonedMs: 0 }, claude, never);
    assert.deepEqual([report.known, report.learnt], [1, 2]);
    assert.equal((await learnt(memory)).length, 3);
    // What was forgotten is not learnt again.
    const [forgotten] = await learning.append([{ ...entry, userQuery: 'To be forgotten' }]);
    await learning.read('training_pipeline', 'dead', 1);
    const id = `learning-${forgotten}`;
    await memory.engine.memories.store([{ id, content: 'known', namespace: 'learning' }], claude);
    await memory.engine.memories.forget([id], claude);
    const again = await process.run({ consumer: 'heir', abandonedMs: 0 }, claude, never);
    assert.deepEqual([again.known, again.learnt], [1, 0]);
  });

  it('sets apart what cannot be learnt from, with the reason, and goes on', async () => {
    await using memory = await open({ 'secrets.policy': 'refuse', 'learning.namespace': 'lessons' });
    const { learning } = memory.engine.records;
    const ids = await learning.append([
      { ...entry, toolUsed: ' ' },
      { ...entry, userQuery: '', result: '' },
      { ...entry, result: `token ghp_${'a1B2'.repeat(9)}` },
      { ...entry, toolArgs: 'no JSON', userQuery: 'x'.repeat(9_000) },
      entry,
    ]);
    const answer = await memory.as({ ...editor, person: true }).call('process_learning');
    const apart = answer['set_apart'] as { readonly id: string; readonly reason: string }[];
    assert.equal(answer['learnt'], 2);
    assert.deepEqual(new Set(apart.map(one => one.id)), new Set(ids.slice(0, 3)));
    for (const [id, words] of [
      [ids[0], /names no tool/],
      [ids[1], /neither a question nor a result/],
      [ids[2], /secret|token/i],
    ] as const)
      assert.match(apart.find(one => one.id === id)!.reason, words);
    const kept = await learnt(memory, 'lessons');
    assert.deepEqual(
      kept.filter(one => one.tags.includes('set-apart')).map(({ id, priority }) => [id, priority]),
      apart.map(({ id }) => [`learning-${id}`, 'archive']),
    );
    assert.ok(!JSON.stringify([kept, apart]).includes('ghp_'));
    // A person who starts it has not read it.
    assert.ok(kept.every(({ review }) => review === 'unreviewed'));
    assert.deepEqual((await learning.size()).pending.training_pipeline, 0);
  });

  it('is taken by several at once, each entry by one', async () => {
    await using memory = await open();
    const { learning } = memory.engine.records;
    const entries = Array.from({ length: 250 }, (_, i) => ({ ...entry, userQuery: `Question ${i}` }));
    await learning.append(entries);
    const answers = await Promise.all(
      ['a', 'b', 'c'].map(consumer => memory.call('process_learning', { consumer })),
    );
    assert.equal(
      answers.reduce((sum, one) => sum + (one['learnt'] as number), 0),
      250,
    );
    assert.equal((await learnt(memory)).length, 250);
  });
});
