import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { never, openEngine } from '../../fixtures/engine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const GROUPS = 20;
const person = { ...callerNamed('vscode'), person: true };
const request = { dryRun: false, everybody: true };
const PAGE = { limit: 100, offset: 0 };

describe('compaction on machines that share a memory', function () {
  this.timeout(120_000);

  it('merges once, and is taken apart on any of them; out of reach of the others it does nothing', async () => {
    await using folders = await temporaryFolder();
    await using redis = await startRedis();
    const open = (name: string) =>
      openEngine(`${folders.path}/${name}`, { 'embedding.provider': 'local', 'redis.url': redis.url });
    await using one = await open('one');
    await using other = await open('other');
    const drafts = Array.from(
      { length: GROUPS },
      (_, i) => `The lamp of room ${i} is kept in the store of floor ${i}`,
    );
    for (const content of drafts)
      await one.memories.store(
        [{ content }, { content: content.toLowerCase() }, { content: content.toUpperCase() }],
        person,
      );
    for (const engine of [one, other]) await engine.settled(never);
    const reports = await Promise.all(
      [one, other].map(({ upkeep }) => upkeep.compaction.run(request, person, never)),
    );
    assert.equal(
      reports.reduce((sum, { groups }) => sum + groups.length, 0),
      GROUPS,
    );
    for (const { memories, upkeep } of [one, other]) {
      assert.equal((await memories.list({}, PAGE, person)).total, GROUPS);
      assert.equal((await upkeep.merges.list(undefined, 100, person)).length, GROUPS);
    }
    const [merge] = await one.upkeep.merges.list(undefined, 1, person);
    await other.upkeep.merges.takeApart(merge!.id, person);
    const restored = [merge!.survivor, ...merge!.merged];
    assert.equal((await one.memories.list({ ids: restored }, PAGE, person)).total, 3);

    await one.memories.store([{ content: 'Said here' }, { content: 'said here' }], person);
    await one.settled(never);
    await redis[Symbol.asyncDispose]();
    const unavailable = (error: unknown) => MemoryError.is(error) && error.code === 'unavailable';
    await assert.rejects(one.upkeep.compaction.run(request, person, never), unavailable);
    const [another] = (await one.upkeep.merges.list(undefined, 2, person)).filter(({ undone }) => !undone);
    await assert.rejects(one.upkeep.merges.takeApart(another!.id, person), unavailable);
    assert.equal((await one.status()).store.central?.waiting, 0);
    assert.equal((await one.memories.list({}, PAGE, person)).total, GROUPS + 4);
  });
});
