import assert from 'node:assert/strict';
import { join } from 'node:path';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude, editor } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { type Line, startLine } from '../../fixtures/line.ts';
import { memoriesOf, openMachine, settled, shownBy } from '../../fixtures/machine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const viewer = viewerOf(claude);

describe('a machine away from the LAN', function () {
  this.timeout(60_000);
  let redis: RedisServer;
  let count = 0;

  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());

  /** Two machines whose clocks are set by hand, the first on a line that can be cut. */
  async function lan(): Promise<
    AsyncDisposable & { laptop: Store; desk: Store; line: Line; clock: { ms: number } }
  > {
    const folder = await temporaryFolder();
    const line = await startLine(redis.port);
    const clock = { ms: 1_000_000 };
    const options = { prefix: `o${count++}:`, now: () => clock.ms };
    const laptop = await openMachine({ ...options, path: join(folder.path, 'laptop.db'), port: line.port });
    const desk = await openMachine({ ...options, path: join(folder.path, 'desk.db'), port: redis.port });
    return {
      ...{ laptop, desk, line, clock },
      async [Symbol.asyncDispose]() {
        for (const one of [laptop, desk, line, folder]) await one[Symbol.asyncDispose]();
      },
    };
  }

  async function agreed(laptop: Store, desk: Store): Promise<void> {
    await settled(laptop);
    assert.deepEqual(await shownBy(laptop), await shownBy(desk));
  }

  it('takes nothing for accepted that whoever accepted it had not seen', async () => {
    await using site = await lan();
    const { laptop, desk, line } = site;
    const person = { ...editor, person: true };
    const accepted = { review: 'accepted', unreviewedBy: null } as const;
    const by = { review: 'unreviewed', unreviewedBy: claude.principal.id } as const;
    const ids = ['alone', 'changed here', 'changed there'];
    await desk.memories.insert(
      ids.map(id => draft(id, { id, ...by })),
      claude,
    );
    await laptop.memories.get(ids, viewer);
    await line.cut();
    await laptop.memories.update('alone', accepted, person);
    await laptop.memories.update('changed here', { content: 'poison here' }, claude);
    await laptop.memories.update('changed there', accepted, person);
    site.clock.ms += 1000;
    await desk.memories.update('changed here', accepted, person);
    await desk.memories.update('changed there', { content: 'poison there' }, claude);
    await line.mend();
    await agreed(laptop, desk);
    const states = (await desk.memories.get(ids, viewer)).map(one => [
      ...[one?.content, one?.review, one?.unreviewedBy],
    ]);
    assert.deepEqual(states, [
      ['alone', 'accepted', null],
      ['poison here', 'unreviewed', claude.principal.id],
      ['poison there', 'unreviewed', claude.principal.id],
    ]);
  });

  it('reads and writes as ever, says so, and brings its writes when it is back', async () => {
    await using site = await lan();
    const { laptop, desk, line } = site;
    await desk.memories.insert([draft('known', { id: 'k', tags: ['a'] }), draft('old', { id: 'o' })], claude);
    assert.equal((await laptop.memories.get(['k'], viewer))[0]?.content, 'known');
    await line.cut();
    await laptop.memories.insert([draft('made offline', { id: 'n' })], claude);
    await laptop.memories.update('k', { content: 'known better' }, claude);
    const [removal] = await laptop.memories.remove(['o'], claude);
    const { operationId } = await laptop.memories.update('n', { priority: 'high' }, claude);
    await laptop.memories.undo(operationId, claude);
    const { central } = await laptop.report();
    assert.equal(central?.waiting, 5);
    assert.match(central!.problem!, /redis:/);
    assert.equal((await laptop.memories.get(['k'], viewer))[0]?.content, 'known better');
    assert.equal((await desk.memories.get(['k'], viewer))[0]?.content, 'known');
    await line.mend();
    await agreed(laptop, desk);
    assert.equal((await desk.memories.get(['k'], viewer))[0]?.content, 'known better');
    assert.equal((await desk.memories.get(['n'], viewer))[0]?.version, 3);
    await desk.memories.undo(removal!.id, claude);
    assert.equal((await laptop.memories.get(['o'], viewer))[0]?.content, 'old');
  });

  it('merges what both changed: tags by each, the stricter audience, the later text; the other stays a version', async () => {
    await using site = await lan();
    const { laptop, desk, line, clock } = site;
    await desk.memories.insert([draft('text', { id: 'm', tags: ['a', 'b'], metadata: { v: 0 } })], claude);
    await laptop.memories.get(['m'], viewer);
    await line.cut();
    clock.ms += 1000;
    await laptop.memories.update(
      'm',
      { content: 'by the laptop', tags: ['a', 'c'], priority: 'low' },
      claude,
    );
    clock.ms += 1000;
    await desk.memories.update('m', { content: 'by the desk', tags: ['a', 'b', 'd'] }, claude);
    await desk.memories.update('m', { visibility: 'private' }, claude);
    clock.ms += 1000;
    await laptop.memories.update('m', { metadata: { v: 1 }, visibility: 'shared' }, claude);
    await line.mend();
    await agreed(laptop, desk);
    const [merged] = await desk.memories.get(['m'], viewer);
    assert.deepEqual(
      [merged?.content, merged?.tags, merged?.visibility, merged?.metadata, merged?.priority],
      ['by the desk', ['a', 'c', 'd'], 'private', { v: 1 }, 'low'],
    );
    const versions = await desk.memories.versions('m', viewer);
    assert.ok(versions.some(({ memory }) => memory.content === 'by the laptop'));
    const history = await desk.operations.recent(10, viewer, { memoryId: 'm' });
    const back = history.find(one => one.instance === 'merge');
    assert.deepEqual(back?.patch, { content: 'by the desk' });
  });

  it('keeps what was edited after it was deleted elsewhere, and deletes what was deleted last', async () => {
    await using site = await lan();
    const { laptop, desk, line, clock } = site;
    await desk.memories.insert(
      ['a', 'b', 'c', 'd'].map(id => draft(`text ${id}`, { id })),
      claude,
    );
    await laptop.memories.get(['a'], viewer);
    await line.cut();
    clock.ms += 1000;
    await laptop.memories.remove(['a'], claude);
    await laptop.memories.update('b', { content: 'edited b' }, claude);
    clock.ms += 1000;
    await desk.memories.update('a', { content: 'edited a' }, claude);
    await desk.memories.remove(['b', 'c', 'd'], claude);
    clock.ms += 1000;
    await laptop.memories.update('c', { content: 'edited c' }, claude);
    await laptop.memories.remove(['d'], claude);
    await line.mend();
    await agreed(laptop, desk);
    const found = await desk.memories.get(['a', 'b', 'c', 'd'], viewer);
    assert.deepEqual(
      found.map(memory => memory?.content),
      ['edited a', undefined, 'edited c', undefined],
    );
  });

  it('knows the same text for the same, wherever it was stored', async () => {
    await using site = await lan();
    const { laptop, desk, line } = site;
    await line.cut();
    await laptop.memories.insert(
      [draft('the same', { id: 'l' }), draft('the laptop’s', { id: 'own' })],
      claude,
    );
    await laptop.memories.update('l', { content: 'the same, only better', tags: ['l'] }, claude);
    await desk.memories.insert([draft('the same', { id: 'd', tags: ['d'] })], claude);
    await line.mend();
    await agreed(laptop, desk);
    const { memories } = await laptop.memories.list({}, { limit: 10, offset: 0 }, viewer);
    assert.deepEqual(memories.map(({ id, content, tags }) => [id, content, tags]).sort(), [
      ['d', 'the same, only better', ['d', 'l']],
      ['own', 'the laptop’s', []],
    ]);
    // Whoever was told the other id goes on with it.
    assert.equal((await laptop.memories.get(['l'], viewer))[0]?.id, 'd');
    await laptop.memories.update('l', { tags: ['by the old id'] }, claude);
    assert.deepEqual(await laptop.memories.versions('l', viewer), await desk.memories.versions('d', viewer));
    assert.equal((await laptop.operations.recent(1, viewer, { memoryId: 'l' }))[0]?.memoryId, 'd');
    await desk.memories.insert([draft('an id of its own', { id: 'l' })], claude);
    assert.equal((await laptop.memories.get(['l'], viewer))[0]?.content, 'an id of its own');
    assert.equal((await laptop.memories.update('l', { pinned: true }, claude)).memory.id, 'l');
  });

  it('edits in its place what was deleted and stored anew under another id', async () => {
    await using site = await lan();
    const { laptop, desk, line, clock } = site;
    await desk.memories.insert([draft('the fact', { id: 'old', tags: ['kept'] })], claude);
    await laptop.memories.get(['old'], viewer);
    await line.cut();
    clock.ms += 1000;
    await desk.memories.remove(['old'], claude);
    await desk.memories.insert([draft('the fact', { id: 'new' })], claude);
    clock.ms += 1000;
    await laptop.memories.update('old', { content: 'the fact, corrected' }, claude);
    await laptop.memories.update('old', { tags: ['kept', 'checked'] }, claude);
    await line.mend();
    await agreed(laptop, desk);
    const { memories } = await desk.memories.list({}, { limit: 10, offset: 0 }, viewer);
    assert.deepEqual(
      memories.map(({ id, content, tags }) => [id, content, tags]),
      [['new', 'the fact, corrected', ['checked']]],
    );
    assert.equal((await desk.memories.versions('new', viewer))[0]?.memory.content, 'the fact');
  });

  it('makes of one id that both chose one memory, the later text on top', async () => {
    await using site = await lan();
    const { laptop, desk, line, clock } = site;
    await line.cut();
    await desk.memories.insert([draft('by the desk', { id: 'm', tags: ['d'] })], claude);
    clock.ms += 1000;
    await laptop.memories.insert([draft('by the laptop', { id: 'm', tags: ['l'] })], claude);
    await line.mend();
    await agreed(laptop, desk);
    const [memory] = await desk.memories.get(['m'], viewer);
    assert.deepEqual([memory?.content, memory?.tags], ['by the laptop', ['d', 'l']]);
    const [before] = await desk.memories.versions('m', viewer);
    assert.equal(before?.memory.content, 'by the desk');
  });

  it('does nothing twice when only the answer was lost', async () => {
    await using folder = await temporaryFolder();
    await using line = await startLine(redis.port);
    const options = { prefix: `o${count++}:`, deadlineMs: 300 };
    await using laptop = await openMachine({ ...options, path: join(folder.path, 'a.db'), port: line.port });
    await using desk = await openMachine({ ...options, path: join(folder.path, 'b.db'), port: redis.port });
    await laptop.memories.insert([draft('text', { id: 'm' })], claude);
    line.loseAnswers(true);
    await laptop.memories.update('m', { content: 'changed' }, claude);
    assert.equal((await desk.memories.get(['m'], viewer))[0]?.content, 'changed');
    await laptop.memories.update('m', { pinned: true }, claude);
    line.loseAnswers(false);
    await agreed(laptop, desk);
    assert.equal((await desk.memories.get(['m'], viewer))[0]?.version, 3);
  });

  it('keeps nobody waiting for a host that fell off the network', async () => {
    await using folder = await temporaryFolder();
    await using line = await startLine(redis.port);
    const options = { prefix: `o${count++}:`, deadlineMs: 300 };
    await using laptop = await openMachine({ ...options, path: join(folder.path, 'a.db'), port: line.port });
    await laptop.memories.insert([draft('before', { id: 'm' })], claude);
    line.hush(true);
    await laptop.memories.insert([draft('after')], claude);
    assert.equal((await laptop.report()).central?.waiting, 1);
    assert.equal((await laptop.memories.list({}, { limit: 10, offset: 0 }, viewer)).total, 2);
    line.hush(false);
    await settled(laptop);
  });

  it('starts from the memories as they are when it was away longer than the log goes back', async () => {
    await using folder = await temporaryFolder();
    await using line = await startLine(redis.port);
    const options = { prefix: `o${count++}:`, keptEntries: 50 };
    await using laptop = await openMachine({ ...options, path: join(folder.path, 'a.db'), port: line.port });
    await using desk = await openMachine({ ...options, path: join(folder.path, 'b.db'), port: redis.port });
    const known = ['edited', 'gone', 'both', 'moved'].map(id => draft(`text ${id}`, { id, tags: ['t'] }));
    await desk.memories.insert([...known, draft('kept', { id: 'kept', sensitive: true })], claude);
    await laptop.memories.get(['edited'], viewer);
    await line.cut();
    await laptop.memories.update('both', { tags: ['t', 'laptop'], content: 'by the laptop' }, claude);
    await laptop.memories.insert(
      [draft('new there', { id: 'new' }), draft('made twice', { id: 'l' })],
      claude,
    );
    await desk.memories.update('edited', { content: 'edited text' }, claude);
    await desk.memories.update('both', { tags: ['t', 'desk'] }, claude);
    await desk.memories.remove(['gone'], claude);
    // Its text goes from one memory to another.
    await desk.memories.update('moved', { content: 'something else' }, claude);
    await desk.memories.insert(
      [draft('text moved', { id: 'taker' }), draft('made twice', { id: 'd' })],
      claude,
    );
    for (let i = 0; i < 300; i++) await desk.memories.update('edited', { metadata: { i } }, claude);
    assert.ok(Number(await redis.cli('XLEN', `${options.prefix}operations`)) < 300);
    await line.mend();
    await settled(laptop);
    await using late = await openMachine({ ...options, path: join(folder.path, 'c.db'), port: redis.port });
    await settled(late);
    const [first, ...others] = await Promise.all([desk, laptop, late].map(memoriesOf));
    for (const other of others) assert.deepEqual(other, first);
    const [both, gone, twice] = await laptop.memories.get(['both', 'gone', 'l'], viewer);
    assert.deepEqual([both?.content, both?.tags], ['by the laptop', ['desk', 'laptop', 't']]);
    assert.deepEqual([gone, twice?.id], [undefined, 'd']);
    assert.equal((await late.memories.versions('edited', viewer)).length, 301);
    await desk.memories.update('kept', { content: 'and the log goes on' }, claude);
    assert.equal((await late.memories.get(['kept'], viewer))[0]?.content, 'and the log goes on');
  });

  it('keeps what Redis refuses, and brings it when it can', async () => {
    await using folder = await temporaryFolder();
    await using server = await startRedis();
    const options = { path: join(folder.path, 'a.db'), port: server.port, prefix: 'r:' };
    await using machine = await openMachine(options);
    await machine.memories.insert([draft('before', { id: 'before' })], claude);
    const refusals: readonly [string, RegExp, () => Promise<unknown>, () => Promise<unknown>][] = [
      [
        'another type',
        /another type/,
        () => server.cli('SET', 'r:memory:m0', 'in the way'),
        () => server.cli('DEL', 'r:memory:m0'),
      ],
      [
        'full',
        /full/,
        () => server.cli('CONFIG', 'SET', 'maxmemory', '1'),
        () => server.cli('CONFIG', 'SET', 'maxmemory', '0'),
      ],
      [
        'a replica',
        /replica/,
        () => server.cli('REPLICAOF', '127.0.0.1', '1'),
        () => server.cli('REPLICAOF', 'NO', 'ONE'),
      ],
    ];
    for (const [i, [name, problem, spoil, mend]] of refusals.entries()) {
      await spoil();
      await machine.memories.insert([draft(`while it is ${name}`, { id: `m${i}` })], claude);
      const { central } = await machine.report();
      assert.match(central?.problem ?? '', problem, name);
      assert.equal(central?.waiting, 1, name);
      await mend();
      await settled(machine);
    }
    await using fresh = await openMachine({ ...options, path: join(folder.path, 'b.db') });
    assert.equal((await fresh.memories.list({}, { limit: 10, offset: 0 }, viewer)).total, 4);
  });

  it('opens while Redis is away, for the first time too', async () => {
    await using folder = await temporaryFolder();
    await using line = await startLine(redis.port);
    await line.cut();
    const options = { prefix: `o${count++}:`, port: line.port };
    const path = join(folder.path, 'a.db');
    {
      await using laptop = await openMachine({ ...options, path });
      await laptop.memories.insert([draft('first', { id: 'm' })], claude);
    }
    await using laptop = await openMachine({ ...options, path });
    assert.equal((await laptop.memories.get(['m'], viewer))[0]?.content, 'first');
    await line.mend();
    await settled(laptop);
    await using desk = await openMachine({ ...options, path: join(folder.path, 'b.db') });
    assert.equal((await desk.memories.get(['m'], viewer))[0]?.content, 'first');
  });
});
