import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Caller, viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { callerNamed, claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { type Line, startLine } from '../../fixtures/line.ts';
import { type MachineOptions, openMachine, settled, shownBy } from '../../fixtures/machine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const viewer = viewerOf(claude);

describe('changes that wait while others write', () => {
  let redis: RedisServer;
  let count = 0;

  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());

  /** Two machines, the first on a line that can be cut. */
  async function lan(options: Pick<MachineOptions, 'deadlineMs' | 'wrap'> = {}): Promise<Site> {
    const folder = await temporaryFolder();
    const line = await startLine(redis.port);
    const prefix = `w${count++}:`;
    const at = (name: string, port: number) => ({ path: join(folder.path, `${name}.db`), port, prefix });
    const laptop = await openMachine({ ...at('laptop', line.port), ...options });
    const desk = await openMachine(at('desk', redis.port));
    return {
      ...{ laptop, desk, line },
      newcomer: () => openMachine(at('newcomer', redis.port)),
      async [Symbol.asyncDispose]() {
        for (const one of [laptop, desk, line, folder]) await one[Symbol.asyncDispose]();
      },
    };
  }

  for (const [how, free] of [
    ['was deleted', async machine => void (await machine.memories.remove(['m'], claude))],
    ['says something else', async machine => void (await change(machine, 'm', { content: 'another' }))],
  ] as readonly (readonly [string, (machine: Store) => Promise<void>])[]) {
    it(`reach everybody where one memory has the text of another that ${how}`, async () => {
      await using site = await lan();
      const { laptop, desk, line } = site;
      await store(laptop, 'the text', 'm');
      await line.cut();
      await free(laptop);
      await store(laptop, 'the text', 'taker');
      await store(desk, 'by the desk', 'd');
      await line.mend();
      await agreed(site);
      assert.equal((await desk.memories.get(['taker'], viewer))[0]?.content, 'the text');
    });
  }

  it('are one memory with what another says that theirs said for a while', async () => {
    await using site = await lan();
    const { laptop, desk, line } = site;
    await line.cut();
    await store(laptop, 'the text', 'mine');
    await store(desk, 'the text', 'theirs');
    await change(laptop, 'mine', { content: 'better' });
    await line.mend();
    await agreed(site);
    const shown = await desk.memories.list({}, { limit: 10, offset: 0 }, viewer);
    assert.deepEqual(
      shown.memories.map(({ id, content }) => [id, content]),
      [['theirs', 'better']],
    );
  });

  it('stay as they are where nothing of it concerns them', async () => {
    await using site = await lan();
    const { laptop, desk, line } = site;
    await line.cut();
    await store(laptop, 'by the laptop', 'l');
    const [before] = await laptop.memories.get(['l'], viewer);
    const made = await laptop.operations.recent(1, viewer);
    await store(desk, 'by the desk', 'd');
    await line.mend();
    await agreed(site);
    assert.deepEqual((await laptop.memories.get(['l'], viewer))[0], before);
    const [found] = (await laptop.operations.recent(10, viewer)).filter(one => one.memoryId === 'l');
    // Not done anew: indexes and watchers hear nothing of it twice.
    assert.equal(found?.seq, made[0]?.seq);
  });

  it('are all kept where the answer to the first was lost', async () => {
    await using site = await lan({ deadlineMs: 300 });
    const { laptop, desk, line } = site;
    await store(laptop, 'the text', 'm');
    line.loseAnswers(true);
    await change(laptop, 'm', { content: 'edited' });
    assert.equal((await desk.memories.get(['m'], viewer))[0]?.content, 'edited');
    await line.cut();
    line.loseAnswers(false);
    await change(laptop, 'm', { priority: 'high' });
    await store(desk, 'by the desk', 'd');
    await line.mend();
    await agreed(site);
    const [memory] = await laptop.memories.get(['m'], viewer);
    assert.deepEqual([memory?.content, memory?.priority, memory?.version], ['edited', 'high', 3]);
  });

  it('are all kept where somebody writes between two batches of them', async () => {
    let between: (() => Promise<void>) | undefined;
    await using site = await lan({
      wrap: log =>
        new Proxy(log, {
          get(target, name) {
            const found: unknown = Reflect.get(target, name);
            if (name !== 'append') return typeof found === 'function' ? found.bind(target) : found;
            return async (...args: Parameters<typeof target.append>) => {
              const answer = await target.append(...args);
              await between?.();
              return answer;
            };
          },
        }),
    });
    const { laptop, desk, line } = site;
    await store(laptop, 'the text', 'm');
    await line.cut();
    await change(laptop, 'm', { content: 'edited' });
    for (let i = 0; i < 120; i++) await change(laptop, 'm', { metadata: { i } });
    between = async () => {
      between = undefined;
      await store(desk, 'by the desk', 'd');
    };
    await line.mend();
    await agreed(site);
    assert.equal(between, undefined);
    const [memory] = await laptop.memories.get(['m'], viewer);
    assert.deepEqual([memory?.content, memory?.metadata, memory?.version], ['edited', { i: 119 }, 122]);
  });

  it('stay in their namespace where another one has a memory of that id', async () => {
    await using site = await lan();
    const { laptop, desk, line } = site;
    const other = callerNamed('claude-code', 'other');
    await store(laptop, 'before', 'b');
    await line.cut();
    await store(laptop, 'in shop', 'x');
    await store(desk, 'in other', 'x', other);
    await line.mend();
    await settled(laptop);
    await using newcomer = await site.newcomer();
    for (const machine of [laptop, desk, newcomer]) {
      assert.deepEqual(await textsOf(machine, claude), ['before', 'in shop']);
      assert.deepEqual(await textsOf(machine, other), ['in other']);
    }
    await agreed(site);
  });

  it('stay their owner’s where somebody else has a private memory of that id', async () => {
    await using site = await lan();
    const { laptop, desk, line } = site;
    const eve = callerNamed('eve');
    await line.cut();
    for (const [machine, caller] of [
      [laptop, claude],
      [desk, eve],
    ] as const) {
      const { id } = caller.principal;
      await machine.memories.insert([draft(`of ${id}`, { id: 'x', visibility: 'private' })], caller);
    }
    await line.mend();
    await settled(laptop);
    for (const machine of [laptop, desk]) {
      for (const caller of [claude, eve]) {
        assert.deepEqual(await textsOf(machine, caller), [`of ${caller.principal.id}`]);
        const { memories } = await machine.memories.list({}, PAGE, viewerOf(caller));
        assert.deepEqual(await machine.memories.versions(memories[0]!.id, viewerOf(caller)), []);
      }
    }
    await agreed(site);
  });
});

const PAGE = { limit: 100, offset: 0 };

interface Site extends AsyncDisposable {
  readonly laptop: Store;
  readonly desk: Store;
  readonly line: Line;
  newcomer(): Promise<Store>;
}

/** Everything has arrived, and everybody shows the same. */
async function agreed({ laptop, desk }: Site): Promise<void> {
  await settled(laptop);
  assert.deepEqual(await shownBy(laptop), await shownBy(desk));
}

async function store(machine: Store, content: string, id: string, caller: Caller = claude): Promise<void> {
  await machine.memories.insert([draft(content, { id, namespace: caller.namespace })], caller);
}

async function change(machine: Store, id: string, patch: Parameters<Store['memories']['update']>[1]) {
  await machine.memories.update(id, patch, claude);
}

async function textsOf(machine: Store, caller: Caller): Promise<string[]> {
  const { memories } = await machine.memories.list(
    { namespaces: [caller.namespace] },
    PAGE,
    viewerOf(caller),
  );
  return memories.map(({ content }) => content).sort();
}
