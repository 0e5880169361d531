import assert from 'node:assert/strict';
import type { Memory } from '../../../src/engine/model/memory.ts';
import { callerNamed, claude, editor } from '../../fixtures/callers.ts';
import { onEachStore } from '../../fixtures/onEachStore.ts';
import type { OpenTools } from '../../fixtures/openTools.ts';

const DAY_MS = 86_400_000;
const person = { ...editor, person: true };

async function store(memory: OpenTools, content: string, fields: object = {}): Promise<string> {
  return (await memory.as(person).call('store_memory', { content, ...fields }))['id'] as string;
}

/** Without using it. */
async function look(memory: OpenTools, id: string): Promise<Memory> {
  const { memories } = await memory.engine.memories.list({ ids: [id] }, { limit: 1, offset: 0 }, person);
  return memories[0]!;
}

async function use(memory: OpenTools, id: string, clients: readonly string[]): Promise<void> {
  for (const client of clients)
    await memory.as(callerNamed(client)).call('retrieve_memory', { memory_id: id });
}

type Promoted = readonly Readonly<Record<string, unknown>>[];

onEachStore('promotion', open => {
  it('raises what several used or was used often, says why, and is undone for good', async () => {
    await using memory = await open({ 'promotion.uses': 5 });
    const shared = await store(memory, 'Several ask for this', { priority: 'low' });
    const often = await store(memory, 'One asks for this often', { priority: 'low' });
    const seldom = await store(memory, 'Nobody asks for this', { priority: 'low' });
    await use(memory, shared, ['claude-code', 'codex', 'cursor']);
    await use(
      memory,
      often,
      Array.from({ length: 5 }, () => 'codex'),
    );
    await use(memory, seldom, ['codex', 'codex']);
    const planned = (await memory.call('promote_memories'))['promoted'] as Promoted;
    assert.deepEqual(
      planned.map(({ id, from, to, operation_id }) => [id, from, to, operation_id]),
      [
        [shared, 'low', 'medium', null],
        [often, 'low', 'medium', null],
      ],
    );
    const before = await look(memory, shared);
    const done = (await memory.call('promote_memories', { dry_run: false }))['promoted'] as Promoted;
    assert.deepEqual(
      done.map(({ id, reason }) => [id, reason]),
      [
        [shared, 'used 3 times by 3 users'],
        [often, 'used 5 times'],
      ],
    );
    const after = await look(memory, shared);
    assert.deepEqual([after.priority, after.review], ['medium', before.review]);
    assert.ok(after.expiresAt! - before.expiresAt! > 80 * DAY_MS);
    const history = await memory.text('memory_history', { memory_id: shared });
    assert.match(history, /priority expiresAt by .*: used 3 times by 3 users/);
    // Not again, and not after it was taken back.
    assert.deepEqual((await memory.call('promote_memories', { dry_run: false }))['promoted'], []);
    await memory.call('undo_change', { operation_id: done[0]!['operation_id'] });
    const back = await look(memory, shared);
    assert.deepEqual([back.priority, back.expiresAt], ['low', before.expiresAt]);
    assert.deepEqual((await memory.call('promote_memories', { dry_run: false }))['promoted'], []);
  });

  it('keeps a later expiry, and leaves what is private to others to the worker', async () => {
    await using memory = await open({ 'promotion.users': 1 });
    const long = await store(memory, 'Kept for years', { priority: 'low', ttl_seconds: 10 * 365 * 86_400 });
    const own = await store(memory, 'Nobody else sees this', { priority: 'low', visibility: 'private' });
    await use(memory, long, ['codex']);
    await memory.as(person).call('retrieve_memory', { memory_id: own });
    const before = await look(memory, long);
    const { promoted } = await memory.call('promote_memories', { dry_run: false });
    assert.deepEqual(
      (promoted as Promoted).map(({ id }) => id),
      [long],
    );
    const after = await look(memory, long);
    assert.deepEqual([after.priority, after.expiresAt], ['medium', before.expiresAt]);
    const all = await memory.engine.upkeep.promotion.run(
      { dryRun: false, everybody: true },
      { principal: { id: 'upkeep', client: 'upkeep' }, instance: 'test', namespace: 'global' },
      new AbortController().signal,
    );
    assert.deepEqual(
      all.promoted.map(({ id }) => id),
      [own],
    );
  });

  it('raises a memory once where several promote at once', async () => {
    await using memory = await open({ 'promotion.users': 1 });
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store(memory, `Used by all, ${i}`, { priority: 'low' })),
    );
    for (const id of ids) await use(memory, id, ['codex']);
    const answers = await Promise.all(
      [1, 2, 3].map(() => memory.call('promote_memories', { dry_run: false })),
    );
    assert.equal(answers.flatMap(one => one['promoted'] as Promoted).length, ids.length);
    const { memories } = await memory.engine.memories.list({ ids }, { limit: 100, offset: 0 }, claude);
    assert.ok(memories.every(one => one.priority === 'medium' && one.version === 2));
  });
});
