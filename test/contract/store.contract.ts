import assert from 'node:assert/strict';
import { identity } from '../../src/adapters/node/identity.ts';
import { MemoryError } from '../../src/engine/errors.ts';
import { contentHashOf } from '../../src/engine/memories/contentHash.ts';
import { type Caller, viewerOf } from '../../src/engine/model/caller.ts';
import type { MemoryFilter } from '../../src/engine/ports/memoryStore.ts';
import type { OperationFilter } from '../../src/engine/ports/operationLog.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { callerNamed, claude, editor } from '../fixtures/callers.ts';
import { draft } from '../fixtures/drafts.ts';

const PAGE = { limit: 100, offset: 0 };
const refuses = (code: string) => (error: unknown) => MemoryError.is(error) && error.code === code;

/** What every Store must do. @param create an empty store whose clock reads `now.ms` */
export function storeContract(name: string, create: (now: { ms: number }) => Promise<Store>): void {
  const open = (now = { ms: 1_000_000 }) => create(now);

  describe(`${name} keeps memories`, () => {
    it('returns what was stored, every field', async () => {
      await using store = await open();
      const given = draft('naïve café 🦊', {
        tags: ['a', 'b'],
        metadata: { nested: { list: [1, null, 'x'] } },
        session: 's1',
        pinned: true,
        sensitive: true,
        expiresAt: 2_000_000,
        externalId: 'ext',
        provenance: { source: 'import', uri: 'file:a' },
        trust: 0.9,
        review: 'accepted',
        supersedes: 'old',
        validFrom: 5,
        validUntil: 9_000_000,
        anchors: [{ path: 'src/a.ts', startLine: 1, endLine: 2 }],
        createdAt: 42,
      });
      const [outcome] = await store.memories.insert([given], claude);
      const [kept] = await store.memories.get([given.id], viewerOf(claude));
      assert.deepEqual(kept, {
        ...given,
        owner: claude.principal.id,
        version: 1,
        updatedAt: 1_000_000,
        accessedAt: 1_000_000,
        accessCount: 0,
      });
      assert.deepEqual(outcome?.memory, kept);
    });

    it('keeps equal content of a namespace once and counts the repeat', async () => {
      await using store = await open();
      const [first] = await store.memories.insert([draft('same')], claude);
      const [again, other] = await store.memories.insert(
        [draft('same'), draft('same', { namespace: 'bank' })],
        editor,
      );
      assert.equal(again?.duplicate, true);
      assert.equal(again?.memory.id, first?.memory.id);
      assert.equal(again?.memory.accessCount, 1);
      assert.equal(again?.operationId, null);
      assert.equal(other?.duplicate, false);
    });

    it('keeps equal content twice where something tells it apart, and goes on to', async () => {
      await using store = await open();
      const of = (id: string, distinct_by: string) =>
        draft('same', {
          ...{ id, metadata: { distinct_by } },
          contentHash: contentHashOf({ content: 'same', metadata: { distinct_by } }, identity.sha256),
        });
      const outcomes = await store.memories.insert([of('a', 'ann'), of('b', 'bob'), of('c', 'ann')], claude);
      assert.deepEqual(
        outcomes.map(({ duplicate, memory }) => [memory.id, duplicate]),
        [
          ['a', false],
          ['b', false],
          ['a', true],
        ],
      );
      for (const id of ['a', 'b']) await store.memories.update(id, { content: 'also the same' }, claude);
      const becomesAnn = { metadata: { distinct_by: 'ann' } };
      await assert.rejects(store.memories.update('b', becomesAnn, claude), refuses('conflict'));
    });

    it('tells nobody by a duplicate what another keeps private', async () => {
      await using store = await open();
      const [secret] = await store.memories.insert([draft('the plan', { visibility: 'private' })], claude);
      const [public_] = await store.memories.insert([draft('the plan')], editor);
      assert.equal(public_?.duplicate, false);
      assert.notEqual(public_?.memory.id, secret?.memory.id);
    });

    it('stores anew what is expired or deleted, though it was known', async () => {
      const now = { ms: 1_000_000 };
      await using store = await open(now);
      await store.memories.insert(
        [draft('gone', { id: 'gone' }), draft('over', { id: 'over', expiresAt: 1_000_010 })],
        claude,
      );
      await store.memories.remove(['gone'], claude);
      now.ms = 1_000_020;
      const again = await store.memories.insert([draft('gone'), draft('over')], claude);
      assert.deepEqual(
        again.map(one => one.duplicate),
        [false, false],
      );
      await store.memories.expire(now.ms, 10);
      assert.equal((await store.memories.list({}, PAGE, viewerOf(claude))).total, 2);
    });

    it('lets the owner use the id of a deleted memory again, and nobody else', async () => {
      await using store = await open();
      await store.memories.insert([draft('one', { id: 'm', tags: ['old'] })], claude);
      await store.memories.remove(['m'], claude);
      await assert.rejects(
        store.memories.insert([draft('theirs', { id: 'm' })], editor),
        refuses('conflict'),
      );
      const [outcome] = await store.memories.insert([draft('two', { id: 'm', tags: ['new'] })], claude);
      assert.equal(outcome?.duplicate, false);
      const [kept] = await store.memories.get(['m'], viewerOf(claude));
      assert.deepEqual([kept?.content, kept?.version], ['two', outcome?.memory.version]);
      assert.equal((await store.memories.list({ tags: ['old'] }, PAGE, viewerOf(claude))).total, 0);
      assert.equal((await store.memories.list({ tags: ['new'] }, PAGE, viewerOf(claude))).total, 1);
      await store.memories.undo(outcome!.operationId!, claude);
      assert.deepEqual(await store.memories.get(['m'], viewerOf(claude)), [undefined]);
    });

    it('keeps a sensitive memory as any other, and open ones out of its company', async () => {
      await using store = await open();
      const viewer = viewerOf(claude);
      const secret = draft('the vault code is 4711', {
        id: 'm',
        sensitive: true,
        metadata: { door: 'left' },
      });
      await store.memories.insert([secret], claude);
      const { operationId } = await store.memories.update('m', { content: 'it is 4712 now' }, claude);
      const [now] = await store.memories.get(['m'], viewer);
      assert.deepEqual(
        [now?.content, now?.metadata, now?.sensitive],
        ['it is 4712 now', { door: 'left' }, true],
      );
      const [before] = await store.memories.versions('m', viewer);
      assert.deepEqual([before?.memory.content, before?.memory.metadata], [secret.content, { door: 'left' }]);
      const [update, create] = await store.operations.recent(2, viewer);
      assert.deepEqual(
        [update?.patch.content, create?.patch.content, create?.patch.metadata],
        ['it is 4712 now', secret.content, { door: 'left' }],
      );
      const { records } = await store.index.changesAfter(0, 10);
      assert.deepEqual([records[0]?.content, records[0]?.sensitive], ['it is 4712 now', true]);
      const [pending] = await store.embeddings.pending('m', 10);
      assert.equal(pending?.content, 'it is 4712 now');
      const vector = new Float32Array([0.6, 0.8]);
      const { num, contentHash } = pending!;
      assert.equal(await store.embeddings.put('m', 2, [{ num, contentHash, vector }]), 1);
      assert.deepEqual((await store.index.vectorsAfter('m', 0, 10)).records, [{ num, vector }]);
      assert.deepEqual(await store.index.vectors('m', [num]), vector);
      await store.memories.undo(operationId, claude);
      assert.equal((await store.memories.get(['m'], viewer))[0]?.content, secret.content);
    });

    it('finds a duplicate whether it is sensitive or not; the repeat makes it so', async () => {
      await using store = await open();
      await store.memories.insert([draft('same', { id: 'm' })], claude);
      const [sealed] = await store.memories.insert([draft('same', { sensitive: true })], editor);
      assert.deepEqual([sealed?.duplicate, sealed?.memory.id, sealed?.memory.sensitive], [true, 'm', true]);
      assert.notEqual(sealed?.operationId, null);
      const [open_] = await store.memories.insert([draft('same')], claude);
      assert.deepEqual(
        [open_?.duplicate, open_?.memory.sensitive, open_?.memory.accessCount],
        [true, true, 2],
      );
      await store.memories.insert([draft('other', { id: 'n' })], claude);
      await assert.rejects(store.memories.update('n', { content: 'same' }, claude), refuses('conflict'));
    });

    it('lets everybody encrypt, and only the owner decrypt', async () => {
      await using store = await open();
      await store.memories.insert([draft('one', { id: 'm' })], claude);
      await store.memories.update('m', { sensitive: true }, editor);
      await assert.rejects(store.memories.update('m', { sensitive: false }, editor), refuses('forbidden'));
      const { memory } = await store.memories.update('m', { sensitive: false }, claude);
      assert.deepEqual([memory.sensitive, memory.content, memory.version], [false, 'one', 3]);
    });

    it('refuses an id or an external id that another memory has', async () => {
      await using store = await open();
      await store.memories.insert([draft('one', { id: 'm', externalId: 'e' })], claude);
      await assert.rejects(store.memories.insert([draft('two', { id: 'm' })], claude), refuses('conflict'));
      await assert.rejects(
        store.memories.insert([draft('two', { externalId: 'e' })], claude),
        refuses('conflict'),
      );
      await store.memories.insert([draft('two', { externalId: 'e', namespace: 'bank' })], claude);
      await store.memories.insert([draft('three', { id: 'other' })], claude);
      await assert.rejects(store.memories.update('other', { content: 'one' }, claude), refuses('conflict'));
    });

    it('inserts all or none', async () => {
      await using store = await open();
      await store.memories.insert([draft('first', { id: 'taken' })], claude);
      await assert.rejects(
        store.memories.insert([draft('second'), draft('third', { id: 'taken' })], claude),
        refuses('conflict'),
      );
      assert.equal((await store.memories.list({}, PAGE, viewerOf(claude))).total, 1);
    });

    it('hides private memories on every path', async () => {
      await using store = await open();
      const id = 'private';
      const [kept] = await store.memories.insert(
        [draft('mine', { id, visibility: 'private', tags: ['t'] })],
        claude,
      );
      const other = viewerOf(editor);
      assert.deepEqual(await store.memories.get([id], other), [undefined]);
      assert.equal((await store.memories.list({ tags: ['t'] }, PAGE, other)).total, 0);
      assert.equal((await store.memories.counts({}, other)).total, 0);
      assert.deepEqual(await store.operations.recent(10, other), []);
      assert.deepEqual(await store.operations.since(0, 10, other), []);
      assert.deepEqual(await store.memories.remove([id], editor), []);
      await assert.rejects(store.memories.update(id, { content: 'x' }, editor), refuses('not_found'));
      await assert.rejects(store.memories.undo(kept!.operationId!, editor), refuses('not_found'));
      await store.memories.update(id, { content: 'still mine' }, claude);
      assert.deepEqual(await store.memories.versions(id, other), []);
      assert.equal((await store.memories.versions(id, viewerOf(claude))).length, 1);
    });

    it('shows nobody what a memory held while it was private', async () => {
      await using store = await open();
      await store.memories.insert([draft('the password', { id: 'p', visibility: 'private' })], claude);
      await store.memories.update('p', { content: 'nothing of note' }, claude);
      await store.memories.update('p', { visibility: 'public' }, claude);
      await store.memories.update('p', { content: 'open to all' }, editor);
      const other = viewerOf(editor);
      const seen = [
        await store.memories.versions('p', other),
        await store.operations.recent(10, other, { memoryId: 'p' }),
        await store.operations.since(0, 10, other),
      ];
      assert.ok(!JSON.stringify(seen).includes('password'));
      assert.deepEqual(
        seen[0]!.map(version => ('memory' in version ? version.memory.content : '')),
        ['nothing of note'],
      );
      assert.equal((await store.memories.versions('p', viewerOf(claude))).length, 3);
      assert.equal((await store.operations.recent(10, viewerOf(claude), { memoryId: 'p' })).length, 4);
    });

    it('shows shared memories to those they are shared with', async () => {
      await using store = await open();
      await store.memories.insert(
        [draft('ours', { id: 's', visibility: 'shared', sharedWith: ['vscode'] })],
        claude,
      );
      assert.ok((await store.memories.get(['s'], viewerOf(editor)))[0]);
      assert.equal((await store.memories.get(['s'], viewerOf(callerNamed('codex'))))[0], undefined);
    });

    it('lets only the owner change who sees a memory', async () => {
      await using store = await open();
      await store.memories.insert([draft('public', { id: 'p' })], claude);
      await assert.rejects(
        store.memories.update('p', { visibility: 'private' }, editor),
        refuses('forbidden'),
      );
      await store.memories.update('p', { content: 'edited by another' }, editor);
      await store.memories.update('p', { visibility: 'private' }, claude);
    });

    it('lets nobody else take back a change of who sees a memory', async () => {
      await using store = await open();
      await store.memories.insert([draft('mine', { id: 'p', visibility: 'private' })], claude);
      const { operationId } = await store.memories.update('p', { visibility: 'public' }, claude);
      await assert.rejects(store.memories.undo(operationId, editor), refuses('forbidden'));
      await store.memories.undo(operationId, claude);
      assert.deepEqual(await store.memories.get(['p'], viewerOf(editor)), [undefined]);
    });

    it('keeps old versions and refuses a stale update', async () => {
      await using store = await open();
      await store.memories.insert([draft('one', { id: 'm' })], claude);
      const { memory } = await store.memories.update('m', { content: 'two', tags: ['new'] }, editor, 1);
      assert.equal(memory.version, 2);
      await assert.rejects(store.memories.update('m', { content: 'three' }, claude, 1), refuses('conflict'));
      const [old] = await store.memories.versions('m', viewerOf(claude));
      assert.equal(old?.memory.content, 'one');
      assert.equal((await store.memories.list({ tags: ['new'] }, PAGE, viewerOf(claude))).total, 1);
    });

    it('undoes a create, an update, a delete and an undo', async () => {
      await using store = await open();
      const [created] = await store.memories.insert([draft('one', { id: 'm' })], claude);
      const { operationId } = await store.memories.update('m', { content: 'two' }, claude);
      const back = await store.memories.undo(operationId, editor);
      const contentNow = async () => (await store.memories.get(['m'], viewerOf(claude)))[0]?.content;
      assert.equal(await contentNow(), 'one');
      await store.memories.undo(back.id, claude);
      assert.equal(await contentNow(), 'two');
      await assert.rejects(store.memories.undo(created!.operationId!, claude), refuses('conflict'));
      const [deleted] = await store.memories.remove(['m'], claude);
      assert.equal(await contentNow(), undefined);
      await store.memories.undo(deleted!.id, claude);
      assert.equal(await contentNow(), 'two');
    });

    it('brings an expired memory back for good', async () => {
      const now = { ms: 1_000_000 };
      await using store = await open(now);
      await store.memories.insert([draft('due', { id: 'due', expiresAt: 1_000_010 })], claude);
      now.ms = 1_000_020;
      await store.memories.expire(now.ms, 10);
      const [expiry] = await store.operations.recent(1, viewerOf(claude), { memoryId: 'due' });
      const restored = await store.memories.undo(expiry!.id, claude);
      assert.deepEqual(restored.patch, { expiresAt: null });
      assert.equal(await store.memories.expire(now.ms, 10), 0);
      assert.equal((await store.memories.list({}, PAGE, viewerOf(claude))).total, 1);
    });

    it('counts accesses without a new version', async () => {
      await using store = await open();
      await store.memories.insert([draft('one', { id: 'm' })], claude);
      // Nobody uses what was never read.
      await store.memories.get(['m'], viewerOf(claude));
      store.memories.touch(['m', 'unknown'], 1_000_500);
      store.memories.touch(['m'], 1_000_400);
      // Counts travel with the next change.
      await store.memories.insert([draft('two')], claude);
      const [kept] = await store.memories.get(['m'], viewerOf(claude));
      assert.deepEqual([kept?.accessCount, kept?.accessedAt, kept?.version], [2, 1_000_500, 1]);
    });

    it('counts what matches', async () => {
      const now = { ms: 1_000_000 };
      await using store = await open(now);
      await store.memories.insert(
        [
          draft('é', { type: 'code', pinned: true }),
          draft('b', { agent: null, priority: 'high' }),
          draft('c', { agent: '__proto__', namespace: 'bank' }),
          draft('over', { expiresAt: 1_000_001 }),
          draft('hidden', { visibility: 'private' }),
        ],
        claude,
      );
      now.ms = 1_000_002;
      assert.deepEqual(await store.memories.counts({}, viewerOf(editor)), {
        total: 3,
        byType: { code: 1, context: 2 },
        byPriority: { high: 1, medium: 2 },
        byAgent: Object.fromEntries([
          ['', 1],
          ['__proto__', 1],
          ['claude-code', 1],
        ]),
        byNamespace: { shop: 2, bank: 1 },
        pinned: 1,
        expired: 1,
        contentBytes: 4,
      });
      const of = async (filter: object) => (await store.memories.counts(filter, viewerOf(claude))).total;
      assert.equal(await of({ namespaces: ['bank', 'global'] }), 1);
      assert.equal(await of({ types: ['code'], pinned: true }), 1);
    });

    it('tells how memories come and go, of those that match and are to be seen', async () => {
      const day = 86_400_000;
      // Midnight begins a day; a minute before it is the day before.
      const now = { ms: 20_000 * day };
      await using store = await open(now);
      const at = (createdAt: number, fields = {}) => draft(`of ${createdAt}`, { createdAt, ...fields });
      await store.memories.insert(
        [
          at(now.ms, { type: 'code' }),
          at(now.ms - 60_000),
          at(now.ms - day, { visibility: 'private' }),
          at(now.ms - 2 * day - 1),
          at(now.ms + 5 * day),
          draft('soon', { createdAt: 1, expiresAt: now.ms + 2 * day }),
          draft('at the end', { createdAt: 2, expiresAt: now.ms + 7 * day + 2, type: 'code' }),
          draft('later', { createdAt: 3, expiresAt: now.ms + 7 * day + 3 }),
          draft('pinned', { createdAt: 4, expiresAt: now.ms + 1, pinned: true }),
          draft('over', { createdAt: now.ms - 1, expiresAt: now.ms + 1 }),
        ],
        claude,
      );
      now.ms += 2;
      const days = { stored: 4, expiring: 7 };
      const trend = (filter = {}, caller = claude) => store.memories.trend(filter, days, viewerOf(caller));
      assert.deepEqual(await trend(), { storedByDay: [1, 0, 2, 1], expiring: 2 });
      assert.deepEqual(await trend({}, editor), { storedByDay: [1, 0, 1, 1], expiring: 2 });
      assert.deepEqual(await trend({ types: ['code'] }), { storedByDay: [0, 0, 0, 1], expiring: 1 });
      assert.deepEqual(await trend({ namespaces: ['bank'] }), { storedByDay: [0, 0, 0, 0], expiring: 0 });
    });

    it('finds what is anchored in a file, whatever became of the anchors', async () => {
      await using store = await open({ ms: 1_000_000 });
      const lines = { path: 'src/a.ts', startLine: 2, endLine: 4 };
      await store.memories.insert(
        [
          draft('a', { id: 'a', createdAt: 1, anchors: [lines, { ...lines, startLine: 9 }, { path: 'b' }] }),
          draft('b', { id: 'b', createdAt: 2, anchors: [{ path: 'src/a.ts' }] }),
        ],
        claude,
      );
      const found = async (filter: MemoryFilter) => {
        const { memories, total } = await store.memories.list(filter, PAGE, viewerOf(claude));
        assert.equal(total, memories.length);
        return memories.map(({ id }) => id).join('');
      };
      assert.equal(await found({ path: 'src/a.ts' }), 'ba');
      assert.equal(await found({ path: 'src/a.ts', lined: true }), 'a');
      assert.equal(await found({ path: 'src/a.ts', lined: false }), 'b');
      assert.equal(await found({ path: 'src' }), '');
      const moved = await store.memories.update('a', { anchors: [{ path: 'src/c.ts' }] }, claude);
      assert.equal(await found({ path: 'src/a.ts' }), 'b');
      assert.equal(await found({ path: 'src/c.ts', namespaces: ['shop'] }), 'a');
      await store.memories.undo(moved.operationId, claude);
      assert.equal(await found({ path: 'src/a.ts', lined: true }), 'a');
      assert.equal(await found({ path: 'src/c.ts' }), '');
      const [removal] = await store.memories.remove(['a'], claude);
      assert.equal(await found({ path: 'b' }), '');
      await store.memories.undo(removal!.id, claude);
      assert.equal(await found({ path: 'b' }), 'a');
    });

    it('lists by every filter, newest first', async () => {
      const now = { ms: 1_000_000 };
      await using store = await open(now);
      await store.memories.insert(
        [
          draft('a', { id: 'a', createdAt: 1, agent: 'x', type: 'code', tags: ['t', 'u'], session: 's' }),
          draft('b', {
            id: 'b',
            createdAt: 2,
            priority: 'high',
            tags: ['t'],
            anchors: [{ path: 'src/b.ts' }],
          }),
          draft('c', { id: 'c', createdAt: 3, namespace: 'bank', pinned: true, externalId: 'e' }),
        ],
        claude,
      );
      const ids = async (filter: object) =>
        (await store.memories.list(filter, PAGE, viewerOf(claude))).memories
          .map(memory => memory.id)
          .join('');
      assert.equal(await ids({}), 'cba');
      assert.equal(await ids({ namespaces: ['shop'] }), 'ba');
      assert.equal(await ids({ agent: 'x' }), 'a');
      assert.equal(await ids({ types: ['code'] }), 'a');
      assert.equal(await ids({ priorities: ['high', 'low'] }), 'b');
      assert.equal(await ids({ tags: ['t', 'u'] }), 'a');
      assert.equal(await ids({ session: 's' }), 'a');
      assert.equal(await ids({ labels: [{ of: 'tag', any: ['u', 'v'] }] }), 'a');
      assert.equal(await ids({ labels: [{ of: 'tag', none: ['u'] }] }), 'cb');
      assert.equal(await ids({ labels: [{ of: 'tag', startsWith: 't' }] }), 'ba');
      assert.equal(await ids({ labels: [{ of: 'tag', between: ['s', 't'] }] }), 'ba');
      assert.equal(await ids({ labels: [{ of: 'tag', between: ['tt', 'u'] }] }), 'a');
      assert.equal(await ids({ labels: [{ of: 'tag', any: ['t'], none: ['u'] }] }), 'b');
      assert.equal(await ids({ labels: [{ of: 'session', any: ['s', 'r'] }] }), 'a');
      assert.equal(await ids({ labels: [{ of: 'session', none: ['s'] }] }), 'cb');
      assert.equal(await ids({ labels: [{ of: 'session', startsWith: 's' }], namespaces: ['shop'] }), 'a');
      assert.equal(await ids({ pinned: true }), 'c');
      assert.equal(await ids({ since: 2 }), 'cb');
      assert.equal(await ids({ until: 2 }), 'a');
      assert.equal(await ids({ externalId: 'e' }), 'c');
      assert.equal(await ids({ path: 'src/b.ts' }), 'b');
      assert.equal(await ids({ ids: ['a', 'c'] }), 'ca');
      assert.equal(await ids({ tags: [] }), 'cba');
      assert.equal(await ids({ namespaces: [] }), '');
      assert.equal(await ids({ namespaces: ['shop', 'bank'], agent: 'claude-code' }), 'cb');
      assert.equal(
        await ids({ namespaces: ['shop'], path: 'src/b.ts', tags: ['t'], priorities: ['high'] }),
        'b',
      );
      now.ms += 1;
      await store.memories.update('a', { trust: 1 }, claude);
      const ordered = async (order: 'updated' | 'accessed') =>
        (await store.memories.list({ namespaces: ['shop'] }, { ...PAGE, order }, viewerOf(claude))).memories
          .map(memory => memory.id)
          .join('');
      assert.equal(await ordered('accessed'), 'ba');
      assert.equal(await ordered('updated'), 'ab');
      const page = await store.memories.list({}, { limit: 1, offset: 1 }, viewerOf(claude));
      assert.deepEqual([page.memories[0]?.id, page.total], ['b', 3]);
      const uncounted = await store.memories.list(
        {},
        { limit: 1, offset: 1, uncounted: true },
        viewerOf(claude),
      );
      assert.deepEqual([uncounted.memories[0]?.id, uncounted.total], ['b', 0]);
    });

    it('expires what is due, but never what is pinned or critical', async () => {
      const now = { ms: 1_000_000 };
      await using store = await open(now);
      const expiresAt = 1_000_010;
      await store.memories.insert(
        [
          draft('due', { id: 'due', expiresAt }),
          draft('pinned', { id: 'pinned', expiresAt, pinned: true }),
          draft('critical', { id: 'critical', expiresAt, priority: 'critical' }),
          draft('later', { id: 'later', expiresAt: 2_000_000 }),
        ],
        claude,
      );
      now.ms = 1_000_020;
      assert.equal((await store.memories.list({ ids: ['due'] }, PAGE, viewerOf(claude))).total, 1);
      assert.equal(await store.memories.expire(now.ms, 10), 1);
      const left = await store.memories.list({}, PAGE, viewerOf(claude));
      assert.ok(left.memories.every(memory => memory.id !== 'due'));
    });

    it('refuses text that it could not keep whole', async () => {
      await using store = await open();
      for (const content of ['a\0b', 'half \ud83d']) {
        await assert.rejects(store.memories.insert([draft(content)], claude), refuses('invalid_input'));
      }
      assert.equal((await store.memories.list({}, PAGE, viewerOf(claude))).total, 0);
    });

    it('refuses numbers that are none', async () => {
      await using store = await open();
      for (const trust of [Number.NaN, Number.POSITIVE_INFINITY]) {
        await assert.rejects(
          store.memories.insert([draft('x', { trust })], claude),
          refuses('invalid_input'),
        );
      }
    });

    it('keeps one of many equal memories that are stored at once', async () => {
      await using store = await open();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => store.memories.insert([draft('same')], claude)),
      );
      assert.equal(outcomes.filter(([one]) => !one!.duplicate).length, 1);
      assert.equal(new Set(outcomes.map(([one]) => one!.memory.id)).size, 1);
    });

    it('pages on after a memory, whatever is stored or deleted meanwhile', async () => {
      await using store = await open();
      const all = Array.from({ length: 7 }, (_, i) => draft(`number ${i}`, { createdAt: 10 + (i >> 1) }));
      await store.memories.insert(all, claude);
      for (const order of ['created', 'updated', 'accessed', 'oldest'] as const) {
        const found: string[] = [];
        for (;;) {
          const after = found.at(-1);
          const page = { limit: 2, offset: 0, order, ...(after !== undefined && { after }) };
          const { memories } = await store.memories.list({ namespaces: ['shop'] }, page, viewerOf(claude));
          if (memories.length === 0) break;
          found.push(...memories.map(memory => memory.id));
          const late = draft(`meanwhile ${order} ${found.length}`, { createdAt: 99 });
          // What comes last would otherwise never end.
          if (found.length < all.length) await store.memories.insert([late], claude);
        }
        assert.deepEqual(
          found.filter(id => all.some(one => one.id === id)).sort(),
          all.map(one => one.id).sort(),
        );
        assert.equal(new Set(found).size, found.length);
        if (order === 'oldest')
          assert.deepEqual(
            found.slice(0, all.length),
            all.map(one => one.id),
          );
      }
      const first = all.at(-1)!;
      await store.memories.remove([first.id], claude);
      const rest = await store.memories.list(
        {},
        { limit: 100, offset: 0, after: first.id },
        viewerOf(claude),
      );
      assert.equal(rest.memories.length, 6, 'a deleted memory still marks the place');
    });

    it('finds memories by the beginning of their external id, taken literally', async () => {
      await using store = await open();
      const ids = ['git:a', 'git:ab', 'git:b', 'gitter', 'git%', 'git_', 'gít:a'];
      await store.memories.insert(
        ids.map(externalId => draft(externalId, { externalId })),
        claude,
      );
      const found = async (externalIdPrefix: string) => {
        const { memories, total } = await store.memories.list({ externalIdPrefix }, PAGE, viewerOf(claude));
        assert.equal(total, memories.length);
        return memories.map(memory => memory.externalId).sort();
      };
      assert.deepEqual(await found('git:'), ['git:a', 'git:ab', 'git:b']);
      assert.deepEqual(await found('git:a'), ['git:a', 'git:ab']);
      assert.deepEqual(await found('git%'), ['git%']);
      assert.deepEqual(await found('nothing'), []);
    });

    it('takes the bookkeeping of an exported memory over, with its old versions', async () => {
      await using store = await open();
      const old = { ...draft('before'), ...restoredState(1), createdAt: 5 };
      const versions = [{ version: 1, memory: old, replacedBy: 'elsewhere', replacedAt: 20 }];
      const given = draft('after', { id: old.id, createdAt: 5 });
      const state = restoredState(2);
      await store.memories.insert([{ ...given, restored: { ...state, versions } }], claude);
      const [kept] = await store.memories.get([given.id], viewerOf(claude));
      assert.deepEqual(kept, { ...given, ...state });
      assert.deepEqual(await store.memories.versions(given.id, viewerOf(claude)), versions);
      const { memory } = await store.memories.update(given.id, { content: 'later' }, claude, 2);
      assert.equal(memory.version, 3);
      assert.equal((await store.memories.versions(given.id, viewerOf(claude))).length, 2);
    });

    it('takes SQL for text', async () => {
      await using store = await open();
      const text = `'; DROP TABLE memories; --`;
      const anchors = [{ path: text }];
      await store.memories.insert(
        [draft(text, { id: text, agent: text, tags: [text], session: text, externalId: text, anchors })],
        claude,
      );
      const found = await store.memories.list(
        { ids: [text], agent: text, tags: [text], session: text, externalId: text, path: text },
        PAGE,
        viewerOf(claude),
      );
      assert.equal(found.memories[0]?.content, text);
    });
  });

  describe(`${name} logs operations`, () => {
    it('logs each change once, in order, with rising clocks even when time stands still', async () => {
      await using store = await open();
      await store.memories.insert([draft('one', { id: 'm' }), draft('two')], claude);
      await store.memories.update('m', { content: 'three' }, editor);
      await store.memories.remove(['m'], editor);
      const operations = await store.operations.since(0, 100, viewerOf(claude));
      assert.deepEqual(
        operations.map(one => one.kind),
        ['create', 'create', 'update', 'delete'],
      );
      const clocks = operations.map(one => one.clock);
      assert.deepEqual(clocks, [...clocks].sort());
      assert.equal(new Set(clocks).size, 4);
      assert.deepEqual(operations[2]?.patch, { content: 'three' });
      assert.equal(await store.operations.head(), operations.at(-1)?.seq);
    });

    it('shows the changes of some namespaces, of one memory, or after one that is known', async () => {
      await using store = await open();
      await store.memories.insert(
        [draft('here', { id: 'a' }), draft('there', { id: 'b', namespace: 'bank' })],
        claude,
      );
      await store.memories.remove(['b'], claude);
      const found = async (of?: OperationFilter) =>
        (await store.operations.recent(10, viewerOf(claude), of)).map(one => `${one.kind} ${one.memoryId}`);
      assert.deepEqual(await found(), ['delete b', 'create b', 'create a']);
      assert.deepEqual(await found({ namespaces: ['shop', 'global'] }), ['create a']);
      assert.deepEqual(await found({ namespaces: [] }), []);
      assert.deepEqual(await found({ memoryId: 'b', namespaces: ['bank'] }), ['delete b', 'create b']);
      assert.deepEqual(await found({ memoryId: 'b', namespaces: ['shop'] }), []);
      const [, known] = await store.operations.recent(2, viewerOf(claude));
      assert.deepEqual(await found({ after: known!.seq }), ['delete b']);
      assert.deepEqual(await found({ after: known!.seq, namespaces: ['shop'] }), []);
    });

    it('tells watchers of a change', async () => {
      await using store = await open();
      const noticed = new Promise<void>(resolve => {
        const watching = store.operations.watch(() => {
          watching[Symbol.dispose]();
          resolve();
        });
      });
      await store.memories.insert([draft('news')], claude);
      await noticed;
    });
  });

  describe(`${name} feeds the index`, () => {
    it('yields everything once, then what changed', async () => {
      await using store = await open();
      await store.memories.insert(
        [draft('one', { id: '1' }), draft('two', { id: '2' }), draft('three', { id: '3' })],
        claude,
      );
      await store.memories.remove(['3'], claude);
      const first = await store.index.changesAfter(0, 10);
      assert.deepEqual(
        first.records.map(record => record.id),
        ['1', '2'],
      );
      await store.memories.update('1', { content: 'uno' }, claude);
      await store.memories.remove(['2'], claude);
      const second = await store.index.changesAfter(first.cursor, 10);
      assert.deepEqual(
        second.records.map(({ id, deleted, content }) => [id, deleted, deleted || content]),
        [
          ['3', true, true],
          ['1', false, 'uno'],
          ['2', true, true],
        ],
      );
      assert.equal(second.done, true);
      assert.equal((await store.index.heads('m')).log, second.cursor);
    });

    it('yields each memory and vector once over several batches, and again when it changes', async () => {
      await using store = await open();
      await store.memories.insert(
        Array.from({ length: 25 }, (_, i) => draft(`note ${i}`, { id: `${i}` })),
        claude,
      );
      const vector = new Float32Array([1, 0]);
      const pending = await store.embeddings.pending('m', 100);
      await store.embeddings.put(
        'm',
        2,
        pending.map(({ num, contentHash }) => ({ num, contentHash, vector })),
      );
      const ids: string[] = [];
      const nums: number[] = [];
      let [log, position] = [0, 0];
      for (let done = false; !done; ) {
        const batch = await store.index.changesAfter(log, 7);
        ids.push(...batch.records.map(record => record.id));
        ({ done, cursor: log } = batch);
      }
      for (let done = false; !done; ) {
        const batch = await store.index.vectorsAfter('m', position, 7);
        nums.push(...batch.records.map(record => record.num));
        ({ done, cursor: position } = batch);
      }
      assert.equal(new Set(ids).size, 25);
      assert.equal(ids.length, 25);
      assert.deepEqual(
        nums,
        pending.map(one => one.num),
      );
      assert.deepEqual(await store.index.heads('m'), { log, vectors: position, whole: true });
      const [deleted] = await store.memories.remove(['3'], claude);
      await store.memories.undo(deleted!.id, claude);
      const again = await store.index.vectorsAfter('m', position, 7);
      assert.equal(again.records.length, 1, 'a restored memory brings its vector');
      assert.equal((await store.index.changesAfter(log, 7)).records[0]?.num, again.records[0]?.num);
    });

    it('yields the memories that changed last, and the sensitive ones, where only these are wanted', async () => {
      await using store = await open();
      const drafts = ['1', '2', '3', '4'].map(id => draft(`note ${id}`, { id, sensitive: id === '1' }));
      await store.memories.insert(drafts, claude);
      await store.memories.update('2', { content: 'changed' }, claude);
      await store.memories.remove(['4'], claude);
      assert.deepEqual(await store.index.count(), { memories: 3, open: 2 });
      assert.equal(await store.index.newestAfter(3), 0);
      const since = await store.index.newestAfter(1);
      const first = await store.index.changesAfter(0, 10, since);
      assert.deepEqual(
        first.records.map(record => record.id),
        ['1', '2'],
      );
      await store.memories.update('3', { pinned: true }, claude);
      const { records } = await store.index.changesAfter(first.cursor, 10, since);
      assert.equal(records.at(-1)?.id, '3');
    });

    it('yields memories by id, with those that stand beside them in their session', async () => {
      await using store = await open();
      const at = (id: string, createdAt: number, namespace = 'shop') =>
        draft(`note ${id}`, { id, createdAt, namespace, session: 's' });
      await store.memories.insert(
        [at('c', 3_000), at('a', 1_000), at('b', 2_000), at('e', 5_000), at('d', 4_000)],
        claude,
      );
      await store.memories.insert([at('other', 3_000, 'bank'), draft('alone', { id: 'alone' })], claude);
      await store.memories.remove(['b'], claude);
      await store.index.heads('m');
      const idsAround = async (ids: readonly string[], distance: number) =>
        (await store.index.recordsAround(ids, distance)).map(record => record.id).sort();
      assert.deepEqual(await idsAround(['c'], 0), ['c']);
      assert.deepEqual(await idsAround(['c'], 1), ['a', 'c', 'd']);
      assert.deepEqual(await idsAround(['c', 'a', 'alone', 'b', 'nowhere'], 2), [
        'a',
        'alone',
        'c',
        'd',
        'e',
      ]);
      assert.deepEqual(await idsAround([], 2), []);
      const [record] = await store.index.recordsAround(['alone'], 1);
      assert.equal(record?.content, 'alone');
    });

    it('lists who has a vector of a model, of what the viewer may see', async () => {
      await using store = await open();
      await store.memories.insert(
        [
          draft('one', { id: '1', type: 'code' }),
          draft('two', { id: '2', agent: null }),
          draft('mine', { id: '3', visibility: 'private' }),
          draft('elsewhere', { id: '4', namespace: 'bank' }),
        ],
        claude,
      );
      const putFirst = async () => {
        const first = (await store.embeddings.pending('m', 10)).find(({ id }) => id === '1')!;
        await store.embeddings.put('m', 2, [{ ...first, vector: new Float32Array([1, 0]) }]);
      };
      await putFirst();
      const listed = async (caller: Caller, below = Number.MAX_SAFE_INTEGER, limit = 10) =>
        store.embeddings.list('m', { namespaces: ['shop'] }, viewerOf(caller), { below, limit });
      const own = await listed(claude);
      assert.deepEqual(
        own.map(({ id, type, agent, vector }) => [id, type, agent, vector !== null]),
        [
          ['3', 'context', 'claude-code', false],
          ['2', 'context', null, false],
          ['1', 'code', 'claude-code', true],
        ],
      );
      const idsOf = (rows: typeof own) => rows.map(({ id }) => id);
      assert.deepEqual(idsOf(await listed(editor)), ['2', '1']);
      assert.deepEqual(idsOf(await listed(claude, own[0]!.num, 1)), ['2']);
      await store.memories.update('1', { content: 'changed' }, claude);
      // Found by what it said before, until its new text is embedded.
      assert.equal((await listed(claude)).at(-1)?.vector, own[2]?.vector);
      await putFirst();
      const [, , changed] = await listed(claude);
      assert.notEqual(changed?.vector, null);
      assert.notEqual(changed?.vector, own[2]?.vector);
    });

    it('mixes no lengths in one model', async () => {
      await using store = await open();
      await store.memories.insert([draft('one'), draft('two')], claude);
      const [one, two] = await store.embeddings.pending('m', 2);
      const put = (pending: typeof one, dimensions: number, length: number) =>
        store.embeddings.put('m', dimensions, [{ ...pending!, vector: new Float32Array(length) }]);
      await assert.rejects(put(one, 2, 3), refuses('invalid_input'));
      await put(one, 2, 2);
      await assert.rejects(put(two, 3, 3), refuses('conflict'));
      assert.deepEqual(await store.index.vectors('m', [two!.num]), new Float32Array(2));
    });

    it('keeps a vector for each text and model, and drops one whose text changed meanwhile', async () => {
      await using store = await open();
      await store.memories.insert([draft('one', { id: '1' }), draft('two', { id: '2' })], claude);
      const pending = await store.embeddings.pending('m', 10);
      assert.deepEqual(
        pending.map(one => one.content),
        ['two', 'one'],
      );
      await store.memories.update('1', { content: 'changed' }, claude);
      const vector = new Float32Array([0.6, -0.8]);
      const stored = await store.embeddings.put(
        'm',
        2,
        pending.map(({ num, contentHash }) => ({ num, contentHash, vector })),
      );
      assert.equal(stored, 1);
      assert.equal(await store.embeddings.countPending('m'), 1);
      assert.equal(await store.embeddings.countPending('another'), 2);
      const { records } = await store.index.vectorsAfter('m', 0, 10);
      assert.deepEqual(records, [{ num: pending[0]!.num, vector }]);
      assert.deepEqual(
        await store.index.vectors('m', [pending[1]!.num, pending[0]!.num]),
        new Float32Array([0, 0, 0.6, -0.8]),
      );
      assert.deepEqual(await store.embeddings.models(), [{ model: 'm', dimensions: 2, count: 1 }]);
      await store.embeddings.drop('m');
      assert.deepEqual(await store.embeddings.models(), []);
    });
  });

  describe(`${name} grants leases`, () => {
    it('to one holder at a time, with a fence that rises', async () => {
      const now = { ms: 1_000 };
      await using store = await open(now);
      const first = await store.leases.acquire('house', 'a', 100);
      assert.equal(await store.leases.acquire('house', 'b', 100), undefined);
      const renewed = await store.leases.acquire('house', 'a', 200);
      assert.equal(renewed?.fence, first?.fence);
      now.ms = 1_201;
      const second = await store.leases.acquire('house', 'b', 100);
      assert.ok(second!.fence > first!.fence);
      await store.leases.release('house', 'a');
      assert.equal(await store.leases.acquire('house', 'a', 100), undefined);
      await store.leases.release('house', 'b');
      assert.ok((await store.leases.acquire('house', 'a', 100))!.fence > second!.fence);
    });

    it('anew when the clock was set back and its holder died', async () => {
      const now = { ms: 10_000_000 };
      await using store = await open(now);
      const first = await store.leases.acquire('house', 'a', 100);
      now.ms = 1_000;
      const second = await store.leases.acquire('house', 'b', 100);
      assert.ok(second!.fence > first!.fence);
      assert.equal(second!.expiresAt, 1_100);
      assert.equal(await store.leases.acquire('house', 'a', 100), undefined);
    });
  });
}

function restoredState(version: number) {
  return { owner: 'bob@elsewhere/vscode', updatedAt: 20, accessedAt: 30, accessCount: 4, version };
}
