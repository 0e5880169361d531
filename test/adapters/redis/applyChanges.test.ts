import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyChangesContract } from '../../contract/applyChanges.contract.ts';
import { type BatchProcess, holdsWholeBatches, startBatchProcess } from '../../fixtures/batchProcess.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { memoriesOf, openMachine, settled } from '../../fixtures/machine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

describe('several changes in the central store', () => {
  let redis: RedisServer;
  let prefixes = 0;

  before(async () => {
    redis = await startRedis();
  });

  after(() => redis[Symbol.asyncDispose]());

  applyChangesContract('two machines on a central Redis', async () => {
    const folder = await temporaryFolder();
    const prefix = `a${prefixes++}:`;
    const [writer, reader] = [
      await openMachine({ path: join(folder.path, 'one.db'), port: redis.port, prefix }),
      await openMachine({ path: join(folder.path, 'two.db'), port: redis.port, prefix }),
    ];
    return {
      ...{ reader, writer },
      async [Symbol.asyncDispose]() {
        for (const one of [writer, reader, folder]) await one[Symbol.asyncDispose]();
      },
    };
  });

  it('are one entry after another in the log, with nothing between, while others write', async () => {
    await using folder = await temporaryFolder();
    const prefix = `a${prefixes++}:`;
    const machines = await Promise.all(
      ['one', 'two', 'three'].map(name =>
        openMachine({ path: join(folder.path, `${name}.db`), port: redis.port, prefix }),
      ),
    );
    await Promise.all(
      machines.map(async (machine, m) => {
        for (let batch = 0; batch < 8; batch++)
          await machine.memories.apply(
            Array.from({ length: 5 }, (_, i) => ({
              ...{ kind: 'insert' as const, caller: claude },
              draft: draft(`${m} ${batch} ${i}`, { session: `${m}-${batch}` }),
            })),
          );
      }),
    );
    const operations = await machines[0]!.operations.since(0, 1000, {
      principal: claude.principal.id,
      client: '',
    });
    const batches = operations.map(({ patch }) => patch.session);
    assert.equal(batches.length, 3 * 8 * 5);
    for (let i = 0; i < batches.length; i += 5)
      assert.deepEqual(new Set(batches.slice(i, i + 5)).size, 1, batches.slice(i, i + 5).join());
    for (const machine of machines) await machine[Symbol.asyncDispose]();
  });

  it('wait together while Redis is away, and are there on every machine afterwards', async () => {
    await using server = await startRedis();
    await using folder = await temporaryFolder();
    const open = (name: string) =>
      openMachine({ path: join(folder.path, `${name}.db`), port: server.port, deadlineMs: 500 });
    await using one = await open('one');
    await using two = await open('two');
    await one.memories.insert([draft('old', { id: 'old' }), draft('gone', { id: 'gone' })], claude);
    await server.kill();
    await one.memories.apply([
      { kind: 'insert', caller: claude, draft: draft('new', { id: 'new' }) },
      { kind: 'update', caller: claude, id: 'old', patch: { content: 'changed' } },
      { kind: 'remove', caller: claude, id: 'gone' },
    ]);
    await assert.rejects(
      one.memories.apply([
        { kind: 'update', caller: claude, id: 'old', patch: { pinned: true } },
        { kind: 'remove', caller: claude, id: 'gone' },
      ]),
      { code: 'not_found' },
    );
    assert.equal((await one.report()).central?.waiting, 3);
    await server.restart();
    await settled(one);
    await settled(two);
    const there = (await memoriesOf(two)) as { now: { id: string; content: string; pinned: boolean } }[];
    assert.deepEqual(
      there.map(({ now: { content, id, pinned } }) => ({ content, id, pinned })),
      [
        { content: 'new', id: 'new', pinned: false },
        { content: 'changed', id: 'old', pinned: false },
      ],
    );
  });

  it('are whole or not there on every machine, whoever is killed', async function () {
    this.timeout(120_000);
    await using server = await startRedis();
    await using folder = await temporaryFolder();
    const all: BatchProcess[] = [];
    for (let round = 0; round < 3; round++) {
      const writers = ['one', 'two'].map(name =>
        startBatchProcess(join(folder.path, `${name}.db`), `${name}${round}`, server.port),
      );
      all.push(...writers);
      try {
        await until(() => writers.every(({ acknowledged }) => acknowledged > 5));
        await sleep(Math.random() * 50);
        if (round === 1) {
          await server.kill();
          const [before] = writers.map(({ acknowledged }) => acknowledged);
          // They go on without it.
          await until(() => writers[0]!.acknowledged > before! + 5);
          await server.restart();
        }
      } finally {
        for (const writer of writers) await writer.kill();
      }
    }
    const open = (name: string) => openMachine({ path: join(folder.path, `${name}.db`), port: server.port });
    for (const name of ['one', 'two', 'fresh']) {
      await using machine = await open(name);
      await settled(machine);
    }
    for (const name of ['one', 'two', 'fresh']) {
      await using machine = await open(name);
      await settled(machine);
      for (const writer of all) await holdsWholeBatches(machine, writer);
    }
  });
});
