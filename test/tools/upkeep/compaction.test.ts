import assert from 'node:assert/strict';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { callerNamed, claude, editor } from '../../fixtures/callers.ts';
import { never } from '../../fixtures/engine.ts';
import { onEachStore } from '../../fixtures/onEachStore.ts';
import { type OpenTools, refused } from '../../fixtures/openTools.ts';

const person: Caller = { ...editor, person: true };
const codex = callerNamed('codex');
const MODEL = { 'embedding.provider': 'local' };

interface Group {
  readonly merge_id: string | null;
  readonly survivor: { readonly id: string };
  readonly merged: readonly { readonly id: string; readonly similarity: number }[];
}

/** By a person, so that nothing waits for review. @returns its id */
async function store(memory: OpenTools, content: string, fields: object = {}, by = person): Promise<string> {
  return (await memory.as(by).call('store_memory', { content, ...fields }))['id'] as string;
}

async function compact(memory: OpenTools, input: object = {}, by = claude): Promise<readonly Group[]> {
  await memory.engine.settled(never);
  return (await memory.as(by).call('compact_memories', input))['groups'] as Group[];
}

async function idsOf(memory: OpenTools, by = claude): Promise<readonly string[]> {
  const { memories } = await memory.engine.memories.list({}, { limit: 100, offset: 0 }, by);
  return memories.map(({ id }) => id).sort();
}

onEachStore('the tools of compaction', open => {
  it('say first what would be merged, and merge it when asked', async () => {
    await using memory = await open(MODEL);
    const one = await store(memory, 'The release of the shop is built on Friday', { tags: ['ci'] });
    const two = await store(memory, 'the release of the shop is built on friday.', {
      ...{ tags: ['release'], priority: 'high', metadata: { asked: 'twice' } },
    });
    const other = await store(memory, 'The release of the shop is built on Monday');
    const before = await idsOf(memory);
    const [planned, ...rest] = await compact(memory);
    const told = await memory.as(claude).text('compact_memories');
    assert.match(told, /1 group would be merged(.|\n)*with dry_run false it is done\.$/);
    assert.deepEqual([planned?.merge_id, rest], [null, []]);
    assert.deepEqual(await idsOf(memory), before);
    const [merged] = await compact(memory, { dry_run: false });
    assert.deepEqual([merged?.survivor.id, merged?.merged.map(({ id }) => id)], [two, [one]]);
    assert.ok(merged!.merged[0]!.similarity >= 0.9);
    assert.deepEqual(await idsOf(memory), [two, other].sort());
    const kept = await memory.as(person).call('retrieve_memory', { memory_id: two });
    assert.deepEqual(
      [kept['tags'], kept['priority'], kept['metadata'], kept['review']],
      [['ci', 'release'], 'high', { asked: 'twice' }, 'accepted'],
    );
    assert.deepEqual(await compact(memory, { dry_run: false }), []);
  });

  it('take a merge apart, which stays apart', async () => {
    await using memory = await open(MODEL);
    const ids = [
      await store(memory, 'Backups of the database are kept for thirty days', { tags: ['a'] }),
      await store(memory, 'backups of the Database are kept for thirty days', {
        tags: ['b'],
        priority: 'low',
      }),
      await store(memory, 'BACKUPS of the database are kept for thirty days.', { session_id: 's1' }),
    ];
    await memory.engine.settled(never);
    const all = () => memory.engine.memories.list({ ids }, { limit: 10, offset: 0, order: 'oldest' }, person);
    const { memories: before } = await all();
    const [merged] = await compact(memory, { dry_run: false });
    assert.equal(merged?.merged.length, 2);
    const listed = (await memory.call('list_merges'))['merges'] as Record<string, unknown>[];
    assert.deepEqual(
      listed.map(({ merge_id, survivor, undone }) => ({ merge_id, survivor, undone })),
      [{ merge_id: merged?.merge_id, survivor: merged?.survivor.id, undone: false }],
    );
    await memory.call('unmerge_memories', { merge_id: merged?.merge_id });
    const { memories: after } = await all();
    // That they were changed twice is all that is left of it.
    const told = (one: (typeof before)[number]) => ({ ...one, version: 0, updatedAt: 0 });
    assert.deepEqual(after.map(told), before.map(told));
    await refused(memory.call('unmerge_memories', { merge_id: merged?.merge_id }), 'conflict', /already/);
    await refused(memory.call('unmerge_memories', { merge_id: 'nothing' }), 'not_found', /list_merges/);
    assert.deepEqual(await compact(memory, { dry_run: false }), []);
    assert.match(await memory.text('list_merges'), /taken apart again/);
  });

  it('take the rest of a merge apart where somebody has brought one back', async () => {
    await using memory = await open(MODEL);
    const ids = [
      await store(memory, 'The lights of the office go out at ten'),
      await store(memory, 'the lights of the office go out at ten'),
      await store(memory, 'The Lights of the Office go out at ten'),
    ];
    const [merged] = await compact(memory, { dry_run: false });
    const [first] = merged!.merged;
    const operations = await memory.engine.operations(10, person, { memoryId: first!.id });
    await memory.call('undo_change', { operation_id: operations[0]!.id });
    assert.deepEqual(await compact(memory, { dry_run: false }), []);
    await memory.call('unmerge_memories', { merge_id: merged!.merge_id });
    assert.deepEqual(await idsOf(memory), [...ids].sort());
  });

  it('keep what was changed since, and bring back the rest', async () => {
    await using memory = await open(MODEL);
    const one = await store(memory, 'The staging server restarts every night', { tags: ['ops'] });
    await store(memory, 'the staging server restarts every night', { tags: ['night'] });
    const [merged] = await compact(memory, { dry_run: false });
    const survivor = merged!.survivor.id;
    await memory.as(person).call('update_memory', {
      ...{ memory_id: survivor, tags: ['night', 'ops', 'mine'], priority: 'critical' },
    });
    await memory.call('unmerge_memories', { merge_id: merged!.merge_id });
    const kept = await memory.call('retrieve_memory', { memory_id: survivor });
    assert.deepEqual(
      [kept['tags'], kept['priority']],
      [[survivor === one ? 'ops' : 'night', 'mine'].sort(), 'critical'],
    );
    assert.equal((await idsOf(memory)).length, 2);
  });

  it('leave alone what is pinned, private to others, sensitive, anchored, shared, imported or not reviewed', async () => {
    await using memory = await open({ ...MODEL, 'encryption.key': Buffer.alloc(32, 7).toString('base64') });
    const texts = (what: string) => [
      `The test of ${what} takes a minute on the small machine`,
      `the test of ${what} takes a minute, on the small machine`,
    ];
    for (const [what, fields] of [
      ['pins', { pinned: true }],
      ['secrets', { sensitive: true }],
      ['anchors', { anchors: [{ path: 'src/main.ts' }] }],
      ['shares', { shared_with: ['codex'] }],
      ['talks', { memory_type: 'conversation', session_id: 's1' }],
    ] as const)
      for (const text of texts(what)) await store(memory, text, fields);
    for (const text of texts('agents')) await store(memory, text, {}, claude);
    const [first, second] = texts('owners');
    await store(memory, first!, { visibility: 'private' });
    await store(memory, second!, { visibility: 'private' }, { ...codex, person: true });
    const [here, there] = texts('places');
    await store(memory, here!, { namespace: 'one' });
    await store(memory, there!, { namespace: 'two' });
    await store(memory, texts('kinds')[0]!, { memory_type: 'code' });
    await store(memory, texts('kinds')[1]!, { memory_type: 'document' });
    await store(memory, texts('ranks')[0]!, { priority: 'critical' });
    await store(memory, texts('ranks')[1]!);
    await store(memory, texts('facts')[0]!, { metadata: { port: 80 } });
    await store(memory, texts('facts')[1]!, { metadata: { port: 81 } });
    assert.deepEqual(await compact(memory, { dry_run: false, namespace: '*' }), []);
    const { left_alone } = await memory.as(person).call('compact_memories', { namespace: '*' });
    assert.deepEqual(left_alone, {
      ...{ pinned: 2, sensitive: 2, anchored: 2, shared: 2, unreviewed: 2, conversation: 2 },
    });
    // What is private to others is merged by the worker, each owner's by itself.
    await store(memory, second!, { visibility: 'private' });
    const { compaction, merges } = memory.engine.upkeep;
    await memory.engine.settled(never);
    const { groups } = await compaction.run(
      { dryRun: false, everybody: true },
      { principal: { id: 'upkeep', client: 'upkeep' }, instance: 'test', namespace: 'global' },
      never,
    );
    assert.deepEqual(
      groups.map(({ survivor, others }) => [survivor.owner, others.length]),
      [[person.principal.id, 1]],
    );
    assert.equal((await merges.list(undefined, 10, codex)).length, 0);
    assert.equal((await merges.list(undefined, 10, person)).length, 1);
  });

  it('merge what no person has reviewed where the settings say so', async () => {
    await using memory = await open({ ...MODEL, 'compaction.unreviewed': true });
    await store(memory, 'The cache of the shop lives for an hour', {}, claude);
    await store(memory, 'the cache of the shop lives for an hour', {}, codex);
    await store(memory, 'The cache of the shop lives for an hour.', {});
    const groups = await compact(memory, { dry_run: false });
    // What was accepted stays apart from what was not.
    assert.deepEqual(
      groups.map(({ merged }) => merged.length),
      [1],
    );
  });

  it('leave alone what agents share in a context', async () => {
    await using memory = await open(MODEL);
    const one = await store(memory, 'The port of the proxy is nine thousand', {}, claude);
    await store(memory, 'the port of the proxy is nine thousand');
    await memory.as(person).call('review_memories', { decision: 'accept', memory_ids: [one] });
    assert.equal((await compact(memory)).length, 1);
    await memory.call('share_context_with_agent', { to_agent: '*', memory_ids: [one] });
    assert.deepEqual(await compact(memory, { dry_run: false }), []);
    assert.deepEqual((await memory.call('compact_memories'))['left_alone'], { shared: 1 });
  });
});
