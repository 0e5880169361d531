import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryError } from '../../src/engine/errors.ts';
import { viewerOf } from '../../src/engine/model/caller.ts';
import type { ChangeOutcome, MemoryChange } from '../../src/engine/ports/memoryStore.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { claude, editor } from '../fixtures/callers.ts';
import { draft } from '../fixtures/drafts.ts';

const PAGE = { limit: 100, offset: 0, order: 'oldest' as const };
const viewer = viewerOf(claude);

/** Several changes of a MemoryStore that are done together. @param reader shows what the writer has done; the writer itself by default */
export function applyChangesContract(
  name: string,
  open: () => Promise<{ writer: Store; reader: Store } & AsyncDisposable>,
): void {
  describe(`${name} does changes together`, function () {
    this.timeout(60_000);

    it('in order, each on what the one before has left, each undone by itself', async () => {
      await using stores = await open();
      const { reader, writer } = stores;
      await writer.memories.insert([draft('old', { id: 'old' }), draft('gone', { id: 'gone' })], claude);
      const outcomes = await writer.memories.apply([
        { kind: 'insert', caller: claude, draft: draft('new', { id: 'new' }) },
        { kind: 'update', caller: editor, id: 'old', patch: { tags: ['t'] }, expectedVersion: 1 },
        { kind: 'update', caller: claude, id: 'new', patch: { content: 'newer' } },
        { kind: 'remove', caller: claude, id: 'gone' },
        { kind: 'insert', caller: claude, draft: draft('newer') },
        { kind: 'insert', caller: claude, draft: draft('gone', { id: 'again' }) },
        { kind: 'update', caller: claude, id: 'old', patch: { sensitive: true } },
      ]);
      assert.deepEqual(outcomes.map(told), [
        'insert new 1',
        'update old 2',
        'update new 2',
        'remove gone 2',
        'insert new 2 known',
        'insert again 1',
        'update old 3',
      ]);
      const { memories } = await reader.memories.list({}, PAGE, viewer);
      assert.deepEqual(
        memories.map(({ content, id, sensitive, tags, version }) => ({
          content,
          id,
          sensitive,
          tags,
          version,
        })),
        [
          { content: 'old', id: 'old', sensitive: true, tags: ['t'], version: 3 },
          { content: 'newer', id: 'new', sensitive: false, tags: [], version: 2 },
          { content: 'gone', id: 'again', sensitive: false, tags: [], version: 1 },
        ],
      );
      const operations = await reader.operations.recent(20, viewer);
      assert.deepEqual(
        operations.slice(0, 6).map(({ kind, memoryId, principal }) => `${kind} ${memoryId} ${principal}`),
        [
          `update old ${claude.principal.id}`,
          `create again ${claude.principal.id}`,
          `delete gone ${claude.principal.id}`,
          `update new ${claude.principal.id}`,
          `update old ${editor.principal.id}`,
          `create new ${claude.principal.id}`,
        ],
      );
      const changed = outcomes[2]!;
      assert.ok(changed.kind === 'update');
      await writer.memories.undo(changed.operationId, claude);
      assert.equal((await reader.memories.get(['new'], viewer))[0]?.content, 'new');
    });

    for (const [what, change, code] of [
      [
        'changes what is not there',
        { kind: 'update', caller: claude, id: 'nowhere', patch: { pinned: true } },
        'not_found',
      ],
      ['removes what is not there', { kind: 'remove', caller: claude, id: 'nowhere' }, 'not_found'],
      [
        'changes what is not to be seen',
        { kind: 'update', caller: editor, id: 'mine', patch: { pinned: true } },
        'not_found',
      ],
      ['removes what is not to be seen', { kind: 'remove', caller: editor, id: 'mine' }, 'not_found'],
      ['removes what an earlier one removed', { kind: 'remove', caller: claude, id: 'gone' }, 'not_found'],
      [
        'was made for another version',
        { kind: 'update', caller: claude, id: 'old', patch: { pinned: true }, expectedVersion: 1 },
        'conflict',
      ],
      [
        'takes an id that is taken',
        { kind: 'insert', caller: claude, draft: draft('other', { id: 'mine' }) },
        'conflict',
      ],
      [
        'takes content that is taken',
        { kind: 'update', caller: claude, id: 'old', patch: { content: 'taken' } },
        'conflict',
      ],
      [
        'removes a version that is no more',
        { kind: 'remove', caller: claude, id: 'mine', expectedVersion: 7 },
        'conflict',
      ],
      ['undoes what nobody has done', { kind: 'undo', caller: claude, operationId: 'nothing' }, 'not_found'],
      [
        'counts for a memory that is not there',
        { kind: 'count', caller: claude, to: 'nobody', of: ['mine'] },
        'not_found',
      ],
      [
        'shows what another owns to fewer',
        { kind: 'update', caller: editor, id: 'old', patch: { visibility: 'private' } },
        'forbidden',
      ],
    ] as const satisfies readonly (readonly [string, MemoryChange, string])[]) {
      it(`or none of them where one ${what}`, async () => {
        await using stores = await open();
        const { reader, writer } = stores;
        await writer.memories.insert(
          [
            ...['old', 'gone', 'taken'].map(id => draft(id, { id })),
            draft('mine', { id: 'mine', visibility: 'private' }),
          ],
          claude,
        );
        const before = await shown(reader);
        const changes: MemoryChange[] = [
          { kind: 'insert', caller: claude, draft: draft('new', { id: 'new' }) },
          { kind: 'update', caller: claude, id: 'old', patch: { tags: ['t'] } },
          { kind: 'remove', caller: claude, id: 'gone' },
          change,
          { kind: 'insert', caller: claude, draft: draft('newest') },
        ];
        await assert.rejects(
          writer.memories.apply(changes),
          error => MemoryError.is(error, code) && error.message.startsWith('Change 4 of 5: '),
        );
        assert.deepEqual(await shown(reader), before);
        assert.deepEqual(await shown(writer), before);
        // Nothing is left behind that would hinder them.
        const others = changes.filter(one => one !== change);
        assert.equal((await writer.memories.apply(others)).length, 4);
      });
    }

    it('with uses that go to another memory and back, and an undo among them', async () => {
      await using stores = await open();
      const { reader, writer } = stores;
      await writer.memories.insert([draft('one', { id: 'one' }), draft('two', { id: 'two' })], claude);
      writer.memories.touch(['one', 'two', 'two'], 5);
      const merged = await writer.memories.apply([
        { kind: 'count', caller: claude, to: 'one', of: ['two'] },
        { kind: 'remove', caller: claude, id: 'two', expectedVersion: 1 },
      ]);
      const uses = async (id: string) => (await writer.memories.get([id], viewer))[0]?.accessCount;
      assert.deepEqual([await uses('one'), await uses('two')], [3, undefined]);
      const removal = merged[1]!;
      assert.ok(removal.kind === 'remove');
      const apart = await writer.memories.apply([
        { kind: 'undo', caller: claude, operationId: removal.operation.id },
        { kind: 'count', caller: claude, to: 'one', of: ['two'], away: true },
      ]);
      assert.deepEqual(apart.map(told), ['undo two 3', 'count']);
      assert.deepEqual([await uses('one'), await uses('two')], [1, 2]);
      // Nobody was used less than never.
      await writer.memories.apply([
        { kind: 'update', caller: claude, id: 'one', patch: { tags: ['t'] } },
        { kind: 'count', caller: claude, to: 'one', of: ['two'], away: true },
      ]);
      assert.equal(await uses('one'), 0);
      const [, operation] = await reader.operations.recent(2, viewer);
      assert.deepEqual([operation?.kind, operation?.undoes], ['restore', removal.operation.id]);
    });

    it('as one by one would, or not at all', async () => {
      await using stores = await open();
      const { reader, writer } = stores;
      let runs = 0;
      const words = ['a', 'b', 'c', 'd'];
      const step = fc.oneof(
        fc.record({
          kind: fc.constant('insert' as const),
          id: fc.constantFrom(...words),
          content: fc.constantFrom(...words),
        }),
        fc.record({
          kind: fc.constant('update' as const),
          id: fc.constantFrom(...words),
          content: fc.constantFrom(...words),
          sensitive: fc.boolean(),
        }),
        fc.record({ kind: fc.constant('remove' as const), id: fc.constantFrom(...words) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async steps => {
          const place = `n${runs++}`;
          const changesIn = (namespace: string): MemoryChange[] =>
            steps.map(one => {
              const id = `${namespace}-${one.id}`;
              if (one.kind === 'insert')
                return { kind: 'insert', caller: claude, draft: draft(one.content, { id, namespace }) };
              if (one.kind === 'remove') return { kind: 'remove', caller: claude, id };
              const { content, sensitive } = one;
              return { kind: 'update', caller: claude, id, patch: { content, sensitive } };
            });
          const single = `${place}-single`;
          let refused: MemoryError | undefined;
          for (const one of changesIn(single)) {
            try {
              await writer.memories.apply([one]);
            } catch (error) {
              if (!MemoryError.is(error)) throw error;
              refused = error;
              break;
            }
          }
          const together = `${place}-together`;
          const done = writer.memories.apply(changesIn(together));
          if (refused) {
            const { code } = refused;
            await assert.rejects(done, error => MemoryError.is(error, code));
            assert.deepEqual(await within(reader, together), []);
          } else {
            assert.equal((await done).length, steps.length);
            assert.deepEqual(await within(reader, together), await within(reader, single));
          }
        }),
        { numRuns: 40 },
      );
    });
  });
}

function told(outcome: ChangeOutcome): string {
  if (outcome.kind === 'count') return 'count';
  if ('operation' in outcome)
    return `${outcome.kind} ${outcome.operation.memoryId} ${outcome.operation.version}`;
  const { id, version } = outcome.memory;
  const known = outcome.kind === 'insert' && outcome.duplicate ? ' known' : '';
  return `${outcome.kind} ${id} ${version}${known}`;
}

async function shown(store: Store): Promise<unknown> {
  const { memories } = await store.memories.list({}, PAGE, viewer);
  return { memories, operations: await store.operations.recent(100, viewer) };
}

/** What is in a namespace, without what differs between two of them. */
async function within(store: Store, namespace: string): Promise<unknown[]> {
  const { memories } = await store.memories.list({ namespaces: [namespace] }, PAGE, viewer);
  return Promise.all(
    memories
      .map(({ content, id, sensitive, version }) => ({ content, id, sensitive, version }))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(async ({ id, ...one }) => ({
        ...one,
        id: id.slice(namespace.length),
        versions: (await store.memories.versions(id, viewer)).map(({ memory }) => memory.content),
      })),
  );
}
