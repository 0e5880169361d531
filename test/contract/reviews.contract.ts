import assert from 'node:assert/strict';
import { MemoryError } from '../../src/engine/errors.ts';
import { type Caller, viewerOf } from '../../src/engine/model/caller.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { Reviews } from '../../src/engine/review/reviews.ts';
import { callerNamed, claude, editor } from '../fixtures/callers.ts';
import { draft } from '../fixtures/drafts.ts';

const PAGE = { limit: 100, offset: 0 };
const person: Caller = { ...editor, person: true };
const codex = callerNamed('codex');
const refuses = (code: string) => (error: unknown) => MemoryError.is(error) && error.code === code;

/** What every Store must do that holds back what no person has reviewed. @param create an empty one */
export function reviewsContract(name: string, create: () => Promise<Store>): void {
  const open = async () => {
    const store = await create();
    const reviews = new Reviews({ store: store.memories, clock: { now: () => Date.now() }, gate: 'hold' });
    const insert = async (content: string, fields: Parameters<typeof draft>[1] = {}, by = claude) => {
      const unreviewed = { review: 'unreviewed', unreviewedBy: by.principal.id } as const;
      await store.memories.insert([draft(content, { ...unreviewed, ...fields })], by);
    };
    const seenBy = async (caller: Caller) =>
      (await store.memories.list({}, PAGE, viewerOf(caller))).memories.map(({ id }) => id).sort();
    return { store, reviews, insert, seenBy, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
  };

  describe(`${name} holds back what no person has reviewed`, () => {
    it('from every other agent, by every way of reading', async () => {
      await using opened = await open();
      const { insert, reviews, seenBy, store } = opened;
      await insert('held', { id: 'held', tags: ['secret'], session: 's', agent: 'lonely' });
      await insert('reviewed', { id: 'reviewed', review: 'accepted', unreviewedBy: null });
      await insert('nobody knows by whom', { id: 'old', unreviewedBy: null });
      assert.deepEqual(await seenBy(person), ['held', 'old', 'reviewed']);
      assert.deepEqual(await seenBy(claude), ['held', 'reviewed']);
      assert.deepEqual(await seenBy(codex), ['reviewed']);
      const eyes = viewerOf(codex);
      assert.deepEqual(await store.memories.get(['held'], eyes), [undefined]);
      assert.equal((await store.memories.counts({}, eyes)).total, 1);
      assert.deepEqual((await store.memories.counts({}, eyes)).byAgent, { 'claude-code': 1 });
      assert.equal((await store.memories.counts({ tags: ['secret'] }, eyes)).total, 0);
      assert.equal((await store.memories.list({ session: 's' }, PAGE, eyes)).total, 0);
      const trend = await store.memories.trend({}, { stored: 1, expiring: 1 }, eyes);
      assert.deepEqual(trend.storedByDay, [1]);
      const seen = (await store.operations.recent(100, eyes)).map(({ memoryId }) => memoryId);
      assert.deepEqual(seen, ['reviewed']);
      assert.deepEqual(
        (await store.operations.since(0, 100, eyes)).map(({ memoryId }) => memoryId),
        ['reviewed'],
      );
      assert.equal((await reviews.list({}, PAGE, codex)).total, 0);
      await assert.rejects(store.memories.update('held', { pinned: true }, codex), refuses('not_found'));
      assert.deepEqual(await store.memories.remove(['held'], codex), []);
      assert.deepEqual(await store.index.memories(['held'], eyes), [undefined]);
    });

    it('also from whom its author lends its eyes', async () => {
      await using opened = await open();
      await opened.insert('held', { id: 'held', visibility: 'private' });
      const lent = { ...codex, onBehalfOf: claude.principal.id };
      assert.deepEqual(await opened.store.memories.get(['held'], viewerOf(lent)), [undefined]);
      const [shown] = await opened.store.memories.get(['held'], viewerOf({ ...lent, person: true }));
      assert.equal(shown?.id, 'held');
    });

    it('until a person accepts it, and again when that is undone', async () => {
      await using opened = await open();
      const { insert, reviews, seenBy, store } = opened;
      await insert('one', { id: '1' });
      await insert('two', { id: '2' });
      const named = await reviews.waiting({}, person);
      assert.deepEqual(named.map(({ id }) => id).sort(), ['1', '2']);
      const decided = await reviews.accept(named, person);
      assert.deepEqual(await seenBy(codex), ['1', '2']);
      assert.equal((await reviews.list({}, PAGE, person)).total, 0);
      const { operationId } = decided.find(({ id }) => id === '1')!;
      const undone = await store.memories.undo(operationId, person);
      assert.deepEqual(await seenBy(codex), ['2']);
      assert.deepEqual(await seenBy(claude), ['1', '2'], 'its author finds it as before');
      await assert.rejects(store.memories.undo(undone.id, claude), refuses('forbidden'));
      assert.deepEqual(await seenBy(codex), ['2'], 'no agent accepts by undoing');
      const { memories } = await reviews.list({}, PAGE, person);
      assert.deepEqual(
        memories.map(one => [one.memory.id, one.accepted]),
        [['1', undefined]],
      );
      const [rejected] = await reviews.reject([{ id: '1' }], person);
      assert.equal(rejected?.outcome, 'forgotten', 'what was accepted by mistake was not accepted');
    });

    it('shows old versions that were accepted, and others to their author', async () => {
      await using opened = await open();
      const { insert, reviews, store } = opened;
      await insert('first', { id: 'm' });
      const later = { content: 'second', review: 'unreviewed', unreviewedBy: claude.principal.id } as const;
      await store.memories.update('m', { review: 'accepted', unreviewedBy: null }, person);
      await store.memories.update('m', later, claude);
      await reviews.accept([{ id: 'm' }], person);
      const versions = async (caller: Caller) =>
        (await store.memories.versions('m', viewerOf(caller))).map(({ version }) => version);
      assert.deepEqual(await versions(person), [1, 2, 3]);
      assert.deepEqual(await versions(claude), [1, 2, 3]);
      assert.deepEqual(await versions(codex), [2]);
    });

    it('tells who changed it last, in which session, and what was accepted before', async () => {
      await using opened = await open();
      const { insert, reviews, store } = opened;
      await insert('as accepted', { id: 'm', review: 'accepted', unreviewedBy: null, sensitive: true });
      await insert('new', { id: 'new' });
      const window = { ...codex, instance: 'codex-7' };
      const patch = { review: 'unreviewed', unreviewedBy: codex.principal.id } as const;
      await store.memories.update('m', { content: 'as changed', ...patch }, window);
      const { memories, total } = await reviews.list({}, PAGE, person);
      assert.equal(total, 2);
      assert.deepEqual(
        memories.map(({ by, instance, memory }) => [memory.id, by, instance]),
        [
          ['m', codex.principal.id, 'codex-7'],
          ['new', claude.principal.id, claude.instance],
        ],
      );
      assert.equal(memories[0]?.accepted?.memory.content, 'as accepted');
      assert.equal(memories[1]?.accepted, undefined);
      const [rejected] = await reviews.reject([{ id: 'new' }], person);
      await store.memories.undo(rejected!.operationId, person);
      const again = (await reviews.list({ ids: ['new'] }, PAGE, person)).memories[0];
      assert.deepEqual([again?.by, again?.instance], [claude.principal.id, claude.instance]);
      const own = await reviews.list({}, PAGE, person, 'codex-7');
      assert.deepEqual([own.total, own.memories[0]?.memory.id], [1, 'm']);
      assert.equal((await reviews.list({ agent: 'nobody' }, PAGE, person)).total, 0);
    });

    it('forgets what a person rejects, and brings back what was accepted before', async () => {
      await using opened = await open();
      const { insert, reviews, seenBy, store } = opened;
      await insert('new', { id: 'new' });
      await insert('as accepted', { id: 'm', review: 'accepted', unreviewedBy: null, tags: ['a'] });
      const patch = { content: 'as changed', tags: ['b'], unreviewedBy: codex.principal.id } as const;
      await store.memories.update('m', { ...patch, review: 'unreviewed' }, codex);
      assert.deepEqual(await seenBy(claude), ['new'], 'what another agent made of it is held back, too');
      const decided = await reviews.reject([{ id: 'new' }, { id: 'm', version: 2 }], person);
      assert.deepEqual(
        decided.map(({ outcome }) => outcome),
        ['forgotten', 'restored'],
      );
      const [restored] = await store.memories.get(['m'], viewerOf(claude));
      assert.deepEqual([restored?.content, restored?.tags, restored?.version], ['as accepted', ['a'], 3]);
      assert.deepEqual(await seenBy(claude), ['m']);
      for (const { operationId } of decided.toReversed()) await store.memories.undo(operationId, person);
      assert.deepEqual(await seenBy(person), ['m', 'new']);
      const [again] = await store.memories.get(['m'], viewerOf(codex));
      assert.deepEqual([again?.content, again?.review], ['as changed', 'unreviewed']);
    });

    it('decides all or nothing, for people alone, and on what they have seen', async () => {
      await using opened = await open();
      const { insert, reviews, seenBy, store } = opened;
      await insert('one', { id: '1' });
      await insert('two', { id: '2' });
      for (const decide of ['accept', 'reject'] as const) {
        await assert.rejects(reviews[decide]([{ id: '1' }], claude), refuses('forbidden'));
        await assert.rejects(reviews[decide]([{ id: '1' }, { id: 'none' }], person), refuses('not_found'));
        const stale = [{ id: '1' }, { id: '2', version: 9 }];
        await assert.rejects(reviews[decide](stale, person), refuses('conflict'));
      }
      assert.equal((await reviews.list({}, PAGE, person)).total, 2);
      await reviews.accept([{ id: '1' }], person);
      assert.deepEqual(await reviews.accept([{ id: '1' }], person), [], 'what was accepted stays so');
      await assert.rejects(reviews.reject([{ id: '1' }], person), refuses('conflict'));
      assert.deepEqual(await seenBy(codex), ['1']);
      await store.memories.remove(['2'], person);
      assert.equal((await reviews.list({}, PAGE, person)).total, 0);
    });

    it('decides on more than one change holds', async () => {
      await using opened = await open();
      const { reviews, seenBy, store } = opened;
      const unreviewed = { review: 'unreviewed', unreviewedBy: claude.principal.id } as const;
      const drafts = Array.from({ length: 450 }, (_, i) => draft(`note ${i}`, unreviewed));
      await store.memories.insert(drafts, claude);
      const named = await reviews.waiting({}, person);
      assert.equal(named.length, 450);
      const late = named.map((one, i) => (i === 449 ? { ...one, version: 7 } : one));
      for (const decision of ['accept', 'reject'] as const)
        await assert.rejects(reviews[decision](late, person), refuses('conflict'));
      assert.equal(
        (await reviews.waiting({}, person)).length,
        450,
        'the last is refused before the first is done',
      );
      assert.equal((await reviews.accept(named, person)).length, 450);
      assert.equal((await store.memories.counts({}, viewerOf(codex))).total, 450);
      assert.equal((await seenBy(codex)).length, 100);
    });

    it('takes what a person repeats for accepted', async () => {
      await using opened = await open();
      const { insert, seenBy } = opened;
      await insert('the same', { id: 'm' });
      await insert('the same', { id: 'other' }, codex);
      assert.deepEqual(await seenBy(codex), [], 'that another agent repeats it tells nothing');
      await insert('the same', { id: 'third', review: 'accepted', unreviewedBy: null }, person);
      assert.deepEqual(await seenBy(codex), ['m']);
    });
  });
}
