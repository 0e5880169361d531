import assert from 'node:assert/strict';
import { mayKnow } from '../../../src/engine/events/mayKnow.ts';
import type { Viewer } from '../../../src/engine/model/caller.ts';
import type { NewContext, Receiver } from '../../../src/engine/model/context.ts';
import type { ContextFilter } from '../../../src/engine/ports/contextStore.ts';
import { type OpenWork, type Together, told } from '../../fixtures/openWork.ts';
import { refuses } from '../records/refuses.ts';

const HOSTILE = 'naïve 🦊 "\\ \': {}%*?[\t\n<b>–- {}; DROP TABLE contexts';

const ann: Viewer = { principal: 'ann@laptop/claude-code', client: 'claude-code' };
const bob: Viewer = { principal: 'bob@desk/vscode', client: 'vscode' };
const eve: Viewer = { principal: 'eve@desk/cli', client: 'cli' };
const PAGE = { limit: 100, offset: 0 };

export const context: NewContext = {
  id: 'context 1',
  namespace: 'team/a',
  from: 'claude-1',
  owner: ann.principal,
  to: [{ kind: 'principal', id: bob.principal }],
  topic: 'the cache',
  content: 'Look at the second eviction test.',
  memoryIds: ['memory 1', 'memory 2'],
  files: [{ path: 'src/naïve.ts', startLine: 1, endLine: 3, text: 'let 🦊;\n' }, { path: 'README.md' }],
  session: 'session 1',
  taskId: 'task 1',
  permission: 'read',
  bidirectional: true,
  metadata: { list: [], nested: { deep: [1, null, 'ü'] }, none: {} },
  replyTo: 'context 0',
  expiresAt: null,
};
const bare: NewContext = {
  ...context,
  ...{ memoryIds: [], files: [], metadata: {}, session: null, taskId: null, replyTo: null },
  ...{ permission: 'read_write', bidirectional: false, content: '' },
};

/** What every ContextStore must do. @param open an empty one */
export function contextsContract(name: string, open: () => Promise<OpenWork>): void {
  const seen = async ({ contexts }: Together, viewer: Viewer, filter: ContextFilter = {}, page = PAGE) =>
    (await contexts.list(filter, viewer, page)).map(({ id }) => id);
  const change = (event: object) => ('change' in event ? event.change : undefined);

  describe(`${name} is a ContextStore`, () => {
    it('shows what is shared as it was shared, to every process', async () => {
      await using opened = await open();
      const { createdAt, acknowledged, ...kept } = await opened.work.contexts.share(context);
      assert.deepEqual([kept, acknowledged], [context, []]);
      assert.ok(createdAt > 0);
      const empty = await opened.work.contexts.share({ ...bare, id: 'bare' });
      for (const viewer of [ann, bob])
        assert.deepEqual(await opened.others.contexts.list({}, viewer, PAGE), [
          { ...bare, id: 'bare', createdAt: empty.createdAt, acknowledged },
          { ...context, createdAt, acknowledged },
        ]);
    });

    const kinds: readonly (readonly [Receiver, readonly Viewer[]])[] = [
      [{ kind: 'agent', id: 'vscode-1', owner: bob.principal }, [bob]],
      [{ kind: 'principal', id: bob.principal }, [bob]],
      [{ kind: 'client', id: 'vscode' }, [bob]],
      [{ kind: 'everyone' }, [ann, bob, eve]],
      // What names one kind does not name another.
      [{ kind: 'agent', id: bob.principal, owner: 'nobody' }, []],
      [{ kind: 'principal', id: 'vscode' }, []],
      [{ kind: 'client', id: bob.principal }, []],
      [{ kind: 'client', id: 'everyone' }, []],
    ];
    for (const [receiver, readers] of kinds)
      it(`shows and tells what is shared with ${JSON.stringify(receiver)} to nobody else`, async () => {
        await using opened = await open();
        await opened.work.contexts.share({ ...context, to: [receiver] });
        for (const viewer of [ann, bob, eve]) {
          const may = viewer === ann || readers.includes(viewer);
          assert.deepEqual(await seen(opened.work, viewer), may ? ['context 1'] : []);
          assert.deepEqual(await seen(opened.work, viewer, { ids: ['context 1'] }), may ? ['context 1'] : []);
          const acknowledged = await opened.work.contexts.acknowledge('team/a', ['context 1'], viewer);
          assert.equal(acknowledged, readers.includes(viewer) ? 1 : 0);
          if (!may) await refuses('not_found', opened.work.contexts.revoke('team/a', 'context 1', viewer));
          else if (viewer !== ann)
            await refuses('forbidden', opened.work.contexts.revoke('team/a', 'context 1', viewer));
        }
        await opened.work.contexts.revoke('team/a', 'context 1', ann);
        const events = await told(opened);
        assert.deepEqual(events.map(change), ['shared', ...readers.map(() => 'acknowledged'), 'revoked']);
        assert.deepEqual(events[0], {
          ...{
            type: 'context',
            namespace: 'team/a',
            subject: 'context 1',
            change: 'shared',
            agent: 'claude-1',
          },
          audience: { owner: ann.principal, to: [receiver] },
        });
        for (const viewer of [ann, bob, eve])
          for (const event of events)
            assert.equal(mayKnow(event, viewer, ['team/a']), viewer === ann || readers.includes(viewer));
      });

    it('leaves nothing of what is revoked', async () => {
      await using opened = await open();
      const { contexts } = opened.work;
      await contexts.share({ ...context, to: [{ kind: 'everyone' }] });
      await opened.others.contexts.acknowledge('team/a', ['context 1'], bob);
      await contexts.revoke('team/a', 'context 1', ann);
      for (const viewer of [ann, bob, eve]) {
        assert.deepEqual(await seen(opened.others, viewer), []);
        assert.equal(await contexts.acknowledge('team/a', ['context 1'], viewer), 0);
        await refuses('not_found', opened.others.contexts.revoke('team/a', 'context 1', viewer));
      }
      const again = await contexts.share({ ...bare, to: [{ kind: 'client', id: 'cli' }] });
      assert.deepEqual(again.acknowledged, []);
      assert.deepEqual([await seen(opened.work, bob), await seen(opened.work, eve)], [[], ['context 1']]);
    });

    it('is over for everybody when its time is over', async () => {
      await using opened = await open();
      const { contexts } = opened.work;
      const { createdAt } = await contexts.share({ ...context, id: 'lasting' });
      await contexts.share({ ...context, id: 'short', expiresAt: createdAt + 60_000 });
      await contexts.acknowledge('team/a', ['short'], bob);
      await opened.elapse(30_000);
      assert.deepEqual(await seen(opened.work, bob), ['short', 'lasting']);
      assert.equal(await contexts.purge(10), 0);
      await refuses('conflict', contexts.share({ ...context, id: 'short' }));
      await opened.elapse(30_000);
      for (const viewer of [ann, bob]) {
        assert.deepEqual(await seen(opened.others, viewer), ['lasting']);
        assert.equal(await contexts.acknowledge('team/a', ['short'], viewer), 0);
        await refuses('not_found', contexts.revoke('team/a', 'short', viewer));
      }
      const again = await contexts.share({ ...context, id: 'short', to: [{ kind: 'everyone' }] });
      assert.deepEqual([again.acknowledged, again.expiresAt], [[], null]);
      assert.deepEqual(await seen(opened.work, eve), ['short']);
      assert.equal(await contexts.purge(10), 0);
    });

    it('is removed for good some at a time', async () => {
      await using opened = await open();
      const { contexts } = opened.work;
      const { createdAt } = await contexts.share({ ...context, id: 'lasting' });
      for (let i = 0; i < 5; i++)
        await contexts.share({ ...context, id: `${i}`, expiresAt: createdAt + 30_000 });
      assert.equal(await contexts.purge(10), 0);
      await opened.elapse(30_000);
      assert.equal(await contexts.purge(3), 3);
      assert.equal(await opened.others.contexts.purge(3), 2);
      assert.equal(await contexts.purge(3), 0);
      assert.deepEqual(await seen(opened.work, bob), ['lasting']);
    });

    it('takes an id once in a namespace', async () => {
      await using opened = await open();
      await opened.work.contexts.share(context);
      await refuses(
        'conflict',
        opened.others.contexts.share({ ...context, content: 'other', owner: eve.principal }),
      );
      await opened.others.contexts.share({ ...context, namespace: 'team/b' });
      const [kept, ...more] = await opened.work.contexts.list({ namespaces: ['team/a'] }, bob, PAGE);
      assert.deepEqual([kept?.content, more], [context.content, []]);
      const tries = await Promise.allSettled(
        [opened.work, opened.others, opened.work].map(({ contexts }, i) =>
          contexts.share({ ...context, id: 'raced', content: `${i}` }),
        ),
      );
      assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    });

    it('is acknowledged once by each', async () => {
      await using opened = await open();
      const { contexts } = opened.work;
      await contexts.share({ ...context, id: 'a', to: [{ kind: 'everyone' }] });
      await contexts.share({ ...context, id: 'b' });
      assert.equal(await contexts.acknowledge('team/a', ['a', 'b', 'a', 'none'], bob), 2);
      assert.equal(await opened.others.contexts.acknowledge('team/a', ['a', 'b'], bob), 0);
      assert.equal(await contexts.acknowledge('team/b', ['a'], bob), 0);
      assert.equal(await contexts.acknowledge('team/a', ['a', 'b'], eve), 1);
      const [b, a] = await contexts.list({}, ann, PAGE);
      assert.deepEqual(
        a!.acknowledged.map(({ by }) => by),
        [bob.principal, eve.principal],
      );
      assert.deepEqual(
        b!.acknowledged.map(({ by }) => by),
        [bob.principal],
      );
      assert.ok(a!.acknowledged.every(({ at }) => at >= a!.createdAt));
      assert.deepEqual((await told(opened)).map(change), [
        'shared',
        'shared',
        'acknowledged',
        'acknowledged',
        'acknowledged',
      ]);
      assert.deepEqual(await seen(opened.work, bob, { unacknowledgedBy: bob.principal }), []);
      assert.deepEqual(await seen(opened.work, ann, { unacknowledgedBy: eve.principal }), ['b']);
      assert.deepEqual(await seen(opened.work, ann, { unacknowledgedBy: ann.principal }), ['b', 'a']);
    });

    it('is found by what is asked for', async () => {
      await using opened = await open();
      const { contexts } = opened.work;
      const agentOf = (id: string): Receiver => ({ kind: 'agent', id, owner: bob.principal });
      await contexts.share({ ...context, id: 'a', topic: 'one', to: [agentOf('vscode-1')] });
      await contexts.share({
        ...context,
        id: 'b',
        topic: 'two',
        to: [agentOf('vscode-2'), { kind: 'client', id: 'vscode-1' }],
      });
      await contexts.share({ ...context, id: 'c', namespace: 'team/b', topic: 'one' });
      await contexts.share({
        ...context,
        id: 'd',
        owner: bob.principal,
        from: 'vscode-1',
        to: [{ kind: 'everyone' }],
      });
      await contexts.share({ ...context, id: 'e', namespace: 'team', topic: 'one', to: [] });
      const ids = (filter: ContextFilter, viewer = bob) => seen(opened.work, viewer, filter);
      assert.deepEqual(await ids({}), ['d', 'c', 'b', 'a']);
      assert.deepEqual(await ids({ namespaces: ['team/a'] }), ['d', 'b', 'a']);
      assert.deepEqual(await ids({ namespaces: ['team/b', 'team'] }), ['c']);
      assert.deepEqual(await ids({ namespaces: [] }), []);
      assert.deepEqual(await ids({ topic: 'one' }), ['c', 'a']);
      assert.deepEqual(await ids({ topic: 'one' }, ann), ['e', 'c', 'a']);
      assert.deepEqual(await ids({ withAgent: 'vscode-1' }), ['d', 'a']);
      assert.deepEqual(await ids({ withAgent: 'claude-1' }, ann), ['e', 'c', 'b', 'a']);
      assert.deepEqual(await ids({ ids: ['a', 'c', 'e', 'none'] }), ['c', 'a']);
      assert.deepEqual(await ids({ ids: [] }), []);
      assert.deepEqual(await ids({ ids: ['a', 'b'], topic: 'two', namespaces: ['team/a'] }), ['b']);
      assert.deepEqual(await ids({}, eve), ['d']);
      const named = { ...bare, memoryIds: ['m', 'naïve "m" 🦊'], to: [{ kind: 'everyone' }] } as const;
      await contexts.share({ ...named, id: 'f' });
      await contexts.share({ ...named, id: 'g', memoryIds: ['mm'] });
      assert.deepEqual(await ids({ memoryId: 'm' }, eve), ['f', 'd']);
      assert.deepEqual(await ids({ memoryId: 'naïve "m" 🦊' }, eve), ['f', 'd']);
      assert.deepEqual(await ids({ memoryId: 'm', namespaces: ['team/a'], topic: bare.topic }, eve), [
        'f',
        'd',
      ]);
      assert.deepEqual(await ids({ memoryId: 'none' }, eve), ['d']);
    });

    it('is listed page by page, newest first', async () => {
      await using opened = await open();
      const all: string[] = [];
      for (let i = 0; i < 25; i++) {
        const to: readonly Receiver[] = i % 3 === 0 ? [] : i % 3 === 1 ? [{ kind: 'everyone' }] : context.to;
        await opened.work.contexts.share({ ...bare, id: `${i}`, to, namespace: i % 2 ? 'team/a' : 'team/b' });
        if (i % 3 > 0) all.unshift(`${i}`);
      }
      const paged: string[] = [];
      for (let offset = 0; offset < 25; offset += 4)
        paged.push(...(await seen(opened.work, bob, {}, { limit: 4, offset })));
      assert.deepEqual(paged, all);
      assert.deepEqual(await seen(opened.work, bob, {}, { limit: 3, offset: all.length }), []);
      const half = all.filter(id => Number(id) % 2 === 1);
      assert.deepEqual(
        await seen(opened.work, bob, { namespaces: ['team/a'] }, { limit: 3, offset: 2 }),
        half.slice(2, 5),
      );
    });

    it('keeps keys apart that run together, any text as it is, and much of it', async () => {
      await using opened = await open();
      const { contexts } = opened.work;
      const keys = [
        { namespace: 'a:b', id: 'c' },
        { namespace: 'a', id: 'b:c' },
        { namespace: 'a%3Ab', id: 'c' },
        { namespace: HOSTILE, id: HOSTILE },
      ];
      for (const key of keys) {
        const hostile = {
          ...context,
          ...key,
          topic: HOSTILE,
          content: JSON.stringify(key),
          metadata: { [HOSTILE]: HOSTILE },
        };
        await contexts.share({ ...hostile, to: [{ kind: 'agent', id: HOSTILE, owner: HOSTILE }] });
        assert.equal(
          await contexts.acknowledge(key.namespace, [key.id], { principal: HOSTILE, client: '' }),
          1,
        );
      }
      for (const key of keys) {
        const filter = { namespaces: [key.namespace], topic: HOSTILE, withAgent: HOSTILE };
        const [found, ...more] = await contexts.list(filter, { principal: HOSTILE, client: HOSTILE }, PAGE);
        assert.deepEqual(
          [found!.content, found!.metadata, more],
          [JSON.stringify(key), { [HOSTILE]: HOSTILE }, []],
        );
        assert.deepEqual(
          found!.acknowledged.map(({ by }) => by),
          [HOSTILE],
        );
      }
      const large: NewContext = {
        ...context,
        id: 'large',
        content: '🦊'.repeat(50_000),
        files: Array.from({ length: 100 }, (_, i) => ({ path: `src/${i}.ts`, text: 'x'.repeat(10_000) })),
        memoryIds: Array.from({ length: 1_000 }, (_, i) => `${i}`),
        to: Array.from({ length: 300 }, (_, i) => ({ kind: 'principal', id: `user ${i}` })),
      };
      await contexts.share(large);
      const [found] = await contexts.list({}, { principal: 'user 299', client: '' }, PAGE);
      const { createdAt: _createdAt, acknowledged: _acknowledged, ...kept } = found!;
      assert.deepEqual(kept, large);
      await refuses('invalid_input', contexts.share({ ...context, id: 'x', content: 'half \ud800' }));
      await refuses(
        'invalid_input',
        contexts.share({ ...context, id: 'x', files: [{ path: 'a', text: '\0' }] }),
      );
      await contexts.revoke(large.namespace, large.id, ann);
      assert.deepEqual(await seen(opened.work, { principal: 'user 299', client: '' }), []);
    });
  });
}
