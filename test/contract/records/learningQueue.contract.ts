import assert from 'node:assert/strict';
import { LEARNING_MAX_ENTRIES, type LearningEntry } from '../../../src/engine/ports/learningQueue.ts';
import type { OpenRecords } from '../../fixtures/openRecords.ts';
import { refuses } from './refuses.ts';

export function use(query: string, given: Partial<LearningEntry> = {}): LearningEntry {
  return {
    sessionId: 'abc123',
    userQuery: query,
    toolUsed: 'bash',
    toolArgs: '{"command":"ls"}',
    result: 'naïve 🦊',
    success: true,
    durationMs: 12,
    node: 'spark-1',
    ...given,
  };
}

const queries = (entries: readonly LearningEntry[]) => entries.map(({ userQuery }) => userQuery);

/** What every LearningQueue must do. */
export function learningQueueContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} is a LearningQueue`, () => {
    it('gives every entry to each group, oldest first, with every field', async () => {
      await using opened = await open();
      const { learning } = opened.records;
      const given = [use('1'), use('2', { success: false, durationMs: 0, result: '' }), use('3')];
      const ids = await learning.append(given);
      for (const group of ['training_pipeline', 'analytics'] as const) {
        const first = await opened.others.learning.read(group, 'a', 2);
        const rest = await learning.read(group, 'a', 100);
        const entries = [...first, ...rest];
        assert.deepEqual(
          entries.map(({ id }) => id),
          ids,
        );
        assert.deepEqual(
          entries.map(({ id: _id, at: _at, ...entry }) => entry),
          given,
        );
        assert.ok(entries.every(({ at }) => at > 0));
        assert.deepEqual(await learning.read(group, 'a', 100), []);
      }
    });

    it('gives an entry to one consumer of a group', async () => {
      await using opened = await open();
      await opened.records.learning.append(Array.from({ length: 40 }, (_, i) => use(`${i}`)));
      const read = async (consumer: string, from: OpenRecords['records']) => {
        const got: string[] = [];
        for (;;) {
          const entries = await from.learning.read('analytics', consumer, 3);
          if (entries.length === 0) return got;
          got.push(...queries(entries));
        }
      };
      const got = await Promise.all([read('a', opened.records), read('b', opened.others)]);
      assert.deepEqual(got.flat().sort(), Array.from({ length: 40 }, (_, i) => `${i}`).sort());
    });

    it('hands what a dead consumer left to one who asks, until it is acknowledged', async () => {
      await using opened = await open();
      const { learning } = opened.records;
      await learning.append([use('1'), use('2'), use('3')]);
      const [, second] = await learning.read('training_pipeline', 'dead', 2);
      await opened.elapse(60_000);
      await learning.read('training_pipeline', 'slow', 1);
      assert.equal(await learning.acknowledge('training_pipeline', [second!.id]), 1);
      assert.deepEqual(queries(await learning.claim('training_pipeline', 'b', 60_000, 10)), ['1']);
      assert.deepEqual(await learning.claim('training_pipeline', 'c', 60_000, 10), []);
      assert.deepEqual(await learning.claim('analytics', 'b', 0, 10), []);
      const all = await learning.claim('training_pipeline', 'c', 0, 10);
      assert.deepEqual(queries(all), ['1', '3']);
      const ids = all.map(({ id }) => id);
      assert.equal(await learning.acknowledge('training_pipeline', ids), 2);
      assert.equal(await learning.acknowledge('training_pipeline', ids), 0);
      assert.deepEqual(await learning.claim('training_pipeline', 'c', 0, 10), []);
    });

    it('claims as many as it is asked for', async () => {
      await using opened = await open();
      const { learning } = opened.records;
      await learning.append(Array.from({ length: 30 }, (_, i) => use(`${i}`)));
      await learning.read('analytics', 'dead', 30);
      assert.deepEqual(queries(await learning.claim('analytics', 'b', 0, 4)), ['0', '1', '2', '3']);
    });

    it('counts entries, and what each group has pending', async () => {
      await using opened = await open();
      const { learning } = opened.records;
      assert.deepEqual(await learning.size(), {
        entries: 0,
        pending: { training_pipeline: 0, analytics: 0 },
      });
      await learning.append([use('1'), use('2')]);
      await learning.read('analytics', 'a', 1);
      assert.deepEqual(await learning.size(), {
        entries: 2,
        pending: { training_pipeline: 0, analytics: 1 },
      });
    });

    it(`keeps the newest ${LEARNING_MAX_ENTRIES}, give or take a hundred`, async function () {
      this.timeout(120_000);
      await using opened = await open();
      const { learning } = opened.records;
      const batch = Array.from({ length: 5_025 }, () => use('x', { result: '' }));
      for (let i = 0; i < 20; i++) await learning.append(batch);
      const [last] = await learning.append([use('last')]);
      const { entries } = await learning.size();
      assert.ok(entries >= LEARNING_MAX_ENTRIES && entries <= LEARNING_MAX_ENTRIES + 100, `${entries}`);
      assert.ok(last);
    });

    it('refuses what it could not return', async () => {
      await using opened = await open();
      const { learning } = opened.records;
      await refuses('invalid_input', learning.append([use('a', { durationMs: 0.5 })]));
      await refuses('invalid_input', learning.append([use('a', { durationMs: -1 })]));
      await refuses('invalid_input', learning.append([use('half \ud800')]));
      await refuses('invalid_input', learning.read('analytics', '', 1));
      await refuses('invalid_input', learning.read('analytics', 'a', 1001));
      for (const id of ['no id', '99999999999999999999-0', '0-99999999999999999999'])
        await refuses('invalid_input', learning.acknowledge('analytics', [id]));
      assert.equal((await learning.size()).entries, 0);
    });
  });
}
