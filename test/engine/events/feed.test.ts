import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import type { Feed, FeedEvent } from '../../../src/engine/events/feed.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Operation } from '../../../src/engine/model/operation.ts';
import { SCOPES } from '../../../src/engine/model/rights.ts';
import { claude, editor, sessionOf } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { openTogether } from '../../fixtures/openTogether.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const window = sessionOf(editor);
const worker = sessionOf(claude);

function said({ event }: FeedEvent): string {
  return 'change' in event ? `${event.type} ${event.change}` : event.type;
}

describe('the feed', () => {
  it('tells of tasks, agents, files, contexts and memories, also to another process, and goes on where it was', async () => {
    await using folder = await temporaryFolder();
    await using here = await openTogether(folder.path);
    await using there = await openTogether(folder.path);
    const begin = await here.together.feed.position({});
    const heard: FeedEvent[] = [];
    using _ = there.together.feed.listen(begin, worker, ['shop'], event => heard.push(event));
    await here.together.tasks.submit({ title: 'Told' }, window);
    await here.together.files.claim({ globs: ['a'] }, window);
    await here.together.contexts.share({ to: ['claude-code'], content: 'hello' }, window);
    await here.store.memories.insert([draft('A fact.')], window);
    await until(() => heard.length >= 5);
    assert.deepEqual(heard.map(said).sort(), [
      'agent online',
      'context shared',
      'files claimed',
      'memory create',
      'task ready',
    ]);
    const all = await here.together.feed.since(begin, 100, worker, ['shop']);
    assert.equal(all.events.length, 5);
    const rest = await here.together.feed.since(all.events[1]!.cursor, 100, worker, ['shop']);
    assert.deepEqual(rest.events.map(said), all.events.slice(2).map(said));
    assert.deepEqual((await here.together.feed.since(all.cursor, 100, worker, ['shop'])).events, []);
  });

  it('keeps to itself what a viewer may not know of', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { contexts, feed } = opened.together;
    const begin = await feed.position({});
    await contexts.share({ to: ['vscode'], content: 'for the window only' }, window);
    await opened.store.memories.insert([draft('Private.', { visibility: 'private' })], window);
    const { events } = await feed.since(begin, 100, worker, ['shop']);
    assert.deepEqual(events.map(said), ['agent online']);
    assert.deepEqual((await feed.since(begin, 100, window, ['elsewhere'])).events, []);
    const own = await feed.since(begin, 100, window, ['shop']);
    assert.deepEqual(own.events.map(said).sort(), ['agent online', 'context shared', 'memory create']);
  });

  it('goes on after what another machine told of, wherever that stands here', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { store, together } = opened;
    const before = '01900000-0000-7000-8000-000000000000';
    const after = 'ffffffff-0000-7000-8000-000000000000';
    await store.memories.insert(
      ['One.', 'Two.', 'Three.'].map(text => draft(text)),
      window,
    );
    const ids = (await store.operations.recent(3, viewerOf(window))).map(({ id }) => id).reverse();
    const [event] = (await together.feed.position({})).split('/');
    const count = async (id: string) =>
      (await together.feed.since(`${event}/900/${id}`, 100, window, ['shop'])).events.length;
    assert.deepEqual(await Promise.all([before, ...ids, after].map(count)), [3, 2, 1, 0, 0]);
  });

  it('tells no id of a change elsewhere to a viewer who is bound to namespaces, who goes on from there all the same', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const bound = { ...worker, rights: { scopes: SCOPES, namespaces: ['shop'] } };
    const change = (namespace: string, text: string) =>
      opened.store.memories.insert([draft(text, { namespace })], { ...window, namespace });
    await change('shop', 'One.');
    await change('lab', 'Two.');
    const [{ id }] = (await opened.store.operations.recent(1, viewerOf(window))) as [Operation];
    const begin = await opened.together.feed.position(bound);
    assert.ok(!begin.includes(id) && id.startsWith(begin.split('/')[2]!), begin);
    const since = async (feed: Feed, cursor: string) =>
      (await feed.since(cursor, 100, bound, undefined)).events.map(said);
    assert.deepEqual(await since(opened.together.feed, begin), []);
    // In the log of another machine it is another place, by the same time.
    const [event, , time] = begin.split('/');
    assert.deepEqual(await since(opened.together.feed, `${event}/900/${time}`), []);
    await change('shop', 'Three.');
    assert.deepEqual(await since(opened.together.feed, begin), ['memory create']);
    assert.deepEqual(await since(opened.together.feed, `${event}/900/${time}`), ['memory create']);
  });

  it('refuses what is no place in it', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    for (const cursor of ['', 'x', '1', '1/', '/1', '1/-1', '1-1/1/', '1-1/1/a/b'])
      await assert.rejects(opened.together.feed.since(cursor, 10, worker, undefined), (error: unknown) =>
        MemoryError.is(error, 'invalid_input'),
      );
  });
});
