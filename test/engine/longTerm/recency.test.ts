import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chooseForgotten } from '../../../src/engine/longTerm/chooseForgotten.ts';
import type { LongTermRecord } from '../../../src/engine/longTerm/longTermRecord.ts';
import { RECENCY, rankByRecency, recencyOf } from '../../../src/engine/longTerm/recency.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 1);

const aged = (made: number, used = made) => ({ createdAt: NOW - made * DAY, lastAccessed: NOW - used * DAY });

function record(
  id: string,
  made: number,
  used: number,
  fields: Partial<LongTermRecord> = {},
): LongTermRecord {
  return {
    ...{ id, text: id, namespace: null, session: null, user: null, topics: null, entities: null },
    ...{ type: 'semantic', eventDate: null, updatedAt: NOW, persistedAt: null, extractedFrom: null },
    ...{
      extracted: true,
      pinned: false,
      accessCount: 0,
      hash: null,
      strategy: 'discrete',
      strategyConfig: {},
    },
    ...aged(made, used),
    ...fields,
  };
}

describe('recency', () => {
  it('halves with each half-life, as worked out by hand', () => {
    assert.equal(recencyOf(aged(0), RECENCY, NOW), 1);
    assert.ok(Math.abs(recencyOf(aged(30, 7), RECENCY, NOW) - 0.5) < 1e-12);
    // 0.6 / 4 + 0.4 / 8
    assert.ok(Math.abs(recencyOf(aged(90, 14), RECENCY, NOW) - 0.2) < 1e-12);
    // What is of tomorrow is of now.
    assert.equal(recencyOf(aged(-1), RECENCY, NOW), 1);
  });

  it('never rises with age, and stays within 0 and 1', () => {
    const days = fc.double({ min: 0, max: 4000, noNaN: true });
    fc.assert(
      fc.property(days, days, days, (made, used, more) => {
        const [now, later] = [aged(made, used), aged(made + more, used + more)].map(one =>
          recencyOf(one, RECENCY, NOW),
        );
        assert.ok(later! <= now! && later! >= 0 && now! <= 1);
      }),
    );
  });

  it('outranks a slightly better fit, and not a much better one', () => {
    const found = [
      { record: aged(365), score: 0.8 },
      { record: aged(0), score: 0.7 },
      { record: aged(365), score: 1 },
    ];
    assert.deepEqual(
      rankByRecency(found, RECENCY, NOW).map(({ score }) => score),
      [1, 0.7, 0.8],
    );
  });
});

describe('what is to be forgotten', () => {
  const records = [
    record('new', 1, 1),
    record('old', 100, 1),
    record('unused', 50, 50),
    record('ancient', 1300, 1),
    record('told', 100, 100, { type: 'episodic' }),
    record('pinned', 999, 999, { pinned: true }),
  ];
  const chosen = (policy: object, pinned: readonly string[] = []) =>
    [...chooseForgotten(records, { hardAgeMultiplier: 12, ...policy }, new Set(pinned), NOW)].sort();

  it('is what is too old or not used, and with both what is both or far too old', () => {
    assert.deepEqual(chosen({}), []);
    assert.deepEqual(chosen({ maxAgeDays: 60 }), ['ancient', 'old', 'told']);
    assert.deepEqual(chosen({ maxInactiveDays: 30 }), ['told', 'unused']);
    assert.deepEqual(chosen({ maxAgeDays: 100, maxInactiveDays: 30 }), ['ancient']);
    assert.deepEqual(chosen({ maxAgeDays: 99, maxInactiveDays: 30 }), ['ancient', 'told']);
    assert.deepEqual(chosen({ maxAgeDays: 99, maxInactiveDays: 30, hardAgeMultiplier: 20 }), ['told']);
  });

  it('is never pinned, and of the types that are named', () => {
    assert.deepEqual(chosen({ maxAgeDays: 60 }, ['old']), ['ancient', 'told']);
    assert.deepEqual(chosen({ maxAgeDays: 60, types: ['episodic'] }), ['told']);
    assert.deepEqual(chosen({ maxAgeDays: 60, types: [] }), []);
  });

  it('is beyond a budget what was made and used longest ago', () => {
    assert.deepEqual(chosen({ budget: 5 }), []);
    assert.deepEqual(chosen({ budget: 3 }), ['told', 'unused']);
    assert.deepEqual(chosen({ budget: 0 }), ['ancient', 'new', 'old', 'told', 'unused']);
    assert.deepEqual(chosen({ budget: 1, maxInactiveDays: 30 }), ['ancient', 'old', 'told', 'unused']);
  });
});
