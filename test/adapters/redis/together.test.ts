import assert from 'node:assert/strict';
import { join } from 'node:path';
import { MemoryError } from '../../../src/engine/errors.ts';
import type { FeedEvent } from '../../../src/engine/events/feed.ts';
import { claude, editor, sessionOf } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { type Line, startLine } from '../../fixtures/line.ts';
import { openMachine } from '../../fixtures/machine.ts';
import { type Together, togetherOn } from '../../fixtures/openTogether.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const window = sessionOf({ ...editor, principal: { id: 'ada@desk/vscode', client: 'vscode' } });
const worker = sessionOf({ ...claude, principal: { id: 'ada@laptop/claude-code', client: 'claude-code' } });

describe('agents on two machines of the LAN', function () {
  this.timeout(60_000);
  let redis: RedisServer;
  let count = 0;

  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());

  /** The laptop on a line that can be cut. */
  async function lan(): Promise<
    AsyncDisposable & {
      laptop: Together;
      desk: Together;
      line: Line;
      join: (machine: string) => Promise<Together>;
    }
  > {
    const folder = await temporaryFolder();
    const line = await startLine(redis.port);
    const prefix = `t${count++}:`;
    const open = async (machine: string, port: number) =>
      togetherOn(
        await openMachine({ prefix, port, path: join(folder.path, `${machine}.db`), deadlineMs: 1000 }),
        { machine, heartbeatMs: 100 },
      );
    const laptop = await open('laptop', line.port);
    const desk = await open('desk', redis.port);
    return {
      ...{ laptop, desk, line, join: machine => open(machine, redis.port) },
      async [Symbol.asyncDispose]() {
        for (const one of [laptop, desk, line, folder]) await one[Symbol.asyncDispose]();
      },
    };
  }

  it('give each other tasks, files and words, and hear of it', async () => {
    await using site = await lan();
    const { laptop, desk } = site;
    const heard: FeedEvent[] = [];
    const begin = await desk.together.feed.position({});
    using _ = desk.together.feed.listen(begin, window, ['shop'], event => heard.push(event));
    const waiting = laptop.together.tasks.claim({ limit: 1, waitMs: 20_000 }, worker);
    const { task } = await desk.together.tasks.submit({ title: 'Look it up' }, window);
    assert.equal((await waiting)[0]?.task.id, task.id);
    await laptop.together.files.claim({ globs: ['src/**'] }, worker);
    await assert.rejects(desk.together.files.claim({ globs: ['src/a.ts'] }, window), (error: unknown) =>
      MemoryError.is(error, 'conflict'),
    );
    const memory = draft('Found.', { visibility: 'private', agent: 'claude-code' });
    await laptop.store.memories.insert([memory], worker);
    await laptop.together.contexts.share({ to: ['vscode'], memoryIds: [memory.id] }, worker);
    const [received] = await desk.together.contexts.received({ limit: 5 }, window);
    assert.equal(received?.memories[0]?.content, 'Found.');
    await laptop.together.tasks.complete({ id: task.id }, { found: true }, {}, worker);
    await until(() => heard.some(({ event }) => 'change' in event && event.change === 'completed'));
    assert.deepEqual((await desk.together.tasks.get({ id: task.id }, window)).task.result, { found: true });
    const names = (await desk.together.agents.list(['shop'])).map(({ name }) => name);
    assert.deepEqual(names.sort(), ['Claude Code on laptop', 'VS Code on desk']);
  });

  it('go on at another machine after what one told last, also of what came from a third that was away', async () => {
    await using site = await lan();
    const { laptop, desk, line, join: another } = site;
    await using server = await another('server');
    const begin = await desk.together.feed.position({});
    await laptop.store.memories.insert([draft('First.')], worker);
    await desk.store.operations.head();
    await line.cut();
    await laptop.store.memories.insert([draft('While away.')], worker);
    for (const text of ['One.', 'Two.']) await desk.store.memories.insert([draft(text)], window);
    await line.mend();
    const told = async ({ together }: Together, cursor: string) => {
      const { events } = await together.feed.since(cursor, 100, window, ['shop']);
      return events.filter(({ event }) => event.type === 'memory');
    };
    await until(async () => (await told(desk, begin)).length === 4);
    const all = await told(desk, begin);
    for (const [i, { cursor }] of all.entries())
      assert.deepEqual(
        (await told(server, cursor)).map(({ event }) => event),
        all.slice(i + 1).map(({ event }) => event),
      );
  });

  it('say in time that they are away, and go on when they are back', async () => {
    await using site = await lan();
    const { laptop, desk, line } = site;
    const { task } = await desk.together.tasks.submit({ title: 'Through a cut', leaseMs: 60_000 }, window);
    await laptop.together.tasks.claim({ limit: 1 }, worker);
    await line.cut();
    const away = (error: unknown) => MemoryError.is(error, 'unavailable');
    await assert.rejects(laptop.together.tasks.claim({ limit: 1 }, worker), away);
    await assert.rejects(laptop.together.tasks.complete({ id: task.id }, {}, {}, worker), away);
    await assert.rejects(laptop.together.contexts.received({ limit: 1 }, worker), away);
    // Memories go on meanwhile.
    await laptop.store.memories.insert([draft('Stored away from the LAN.')], worker);
    await line.mend();
    await until(async () => {
      const done = await laptop.together.tasks.complete({ id: task.id }, { late: true }, {}, worker);
      return done.state === 'completed';
    });
    assert.deepEqual((await desk.together.tasks.get({ id: task.id }, window)).task.result, { late: true });
  });

  it('get back what a machine held that went silent', async () => {
    await using site = await lan();
    const { laptop, desk, line } = site;
    const { task } = await desk.together.tasks.submit({ title: 'Short lease', leaseMs: 1000 }, window);
    await laptop.together.tasks.claim({ limit: 1 }, worker);
    await line.cut();
    const [again] = await desk.together.tasks.claim({ limit: 1, waitMs: 20_000 }, window);
    assert.deepEqual([again?.task.id, again?.task.losses], [task.id, 1]);
    await line.mend();
    await until(async () => {
      try {
        await laptop.together.tasks.complete({ id: task.id }, { stale: true }, {}, worker);
      } catch (error) {
        return MemoryError.is(error, 'stale_lease');
      }
      throw new Error('an old lease was accepted');
    });
    const done = await desk.together.tasks.complete({ id: task.id }, { fresh: true }, {}, window);
    assert.deepEqual(done.result, { fresh: true });
  });
});
