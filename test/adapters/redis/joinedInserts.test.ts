import assert from 'node:assert/strict';
import { join } from 'node:path';
import { MemoryError } from '../../../src/engine/errors.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Change } from '../../../src/engine/ports/replica.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { openMachine } from '../../fixtures/machine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

describe('what many store at once in the central memory', function () {
  this.timeout(30_000);

  it('goes to the log together, and each is told of its own', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    const appended: number[] = [];
    await using machine = await openMachine({
      path: join(folder.path, 'machine.db'),
      port: redis.port,
      wrap(log) {
        const append = log.append.bind(log);
        return Object.assign(log, {
          append(changes: readonly Change[], position: number) {
            appended.push(changes.length);
            return append(changes, position);
          },
        });
      },
    });
    const { memories } = machine;
    await memories.insert([draft('The first of all')], claude);
    const stored = await Promise.all(
      Array.from({ length: 120 }, (_, i) => memories.insert([draft(`Note ${i}`), draft('The same')], claude)),
    );
    assert.equal(
      appended.reduce((sum, count) => sum + count, 0),
      1 + 120 + 1,
    );
    assert.ok(appended.length <= 1 + 6, `${appended.length} round trips`);
    for (const [i, [own, same]] of stored.entries()) {
      assert.equal(own!.memory.content, `Note ${i}`);
      assert.equal(own!.duplicate, false);
      assert.equal(same!.duplicate, i > 0);
    }
    const ids = stored.map(([own]) => own!.memory.id);
    const there = await memories.get(ids, viewerOf(claude));
    assert.ok(there.every(memory => memory !== undefined));
  });

  it('is refused for itself only', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    await using machine = await openMachine({ path: join(folder.path, 'machine.db'), port: redis.port });
    const { memories } = machine;
    await memories.insert([draft('Taken', { id: 'taken' })], claude);
    const answers = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) =>
        memories.insert([draft(`Note ${i}`, i === 17 ? { id: 'taken' } : {})], claude),
      ),
    );
    for (const [i, answer] of answers.entries()) {
      if (i !== 17) assert.equal(answer.status, 'fulfilled');
      else assert.ok(answer.status === 'rejected' && MemoryError.is(answer.reason, 'conflict'));
    }
    assert.equal((await memories.counts({}, viewerOf(claude))).total, 30);
  });
});
