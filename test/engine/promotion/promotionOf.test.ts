import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Memory, PRIORITIES, type Priority } from '../../../src/engine/model/memory.ts';
import { type Operation, PROMOTION } from '../../../src/engine/model/operation.ts';
import { promotionOf } from '../../../src/engine/promotion/promotionOf.ts';
import { draft } from '../../fixtures/drafts.ts';

const DAY_MS = 86_400_000;
const NOW = 1_000 * DAY_MS;
const rules = { uses: 10, users: 3, recentDays: 30, restDays: 7 };

function memory(fields: Partial<Memory>): Memory {
  const state = { owner: 'ada', version: 1, createdAt: 0, updatedAt: 0, accessedAt: NOW, accessCount: 0 };
  return { ...draft('said'), ...state, ...fields };
}

/** Somebody set the priority so many days ago; `promotion` did, or took it back. */
function set(daysAgo: number, priority: Priority, instance = 's1', undoes: string | null = null): Operation {
  const at = NOW - daysAgo * DAY_MS;
  return {
    ...{ seq: at, id: `${at}`, kind: 'update', memoryId: 'm', namespace: 'shop', principal: 'ada' },
    ...{ instance, clock: '', at, version: 2, patch: { priority }, undoes },
  } as Operation;
}
const ours = (daysAgo: number, to: Priority) => set(daysAgo, to, `${PROMOTION}used 12 times`);
const rise = (fields: Partial<Memory>, users = 1, operations: readonly Operation[] = [], now = NOW) =>
  promotionOf(memory(fields), { users, operations }, rules, now);

describe('a promotion', () => {
  for (const [what, fields, users, to] of [
    ['from low to medium after 10 uses', { priority: 'low', accessCount: 10 }, 1, 'medium'],
    ['not after 9', { priority: 'low', accessCount: 9 }, 2, undefined],
    ['from low to medium by 3 users', { priority: 'low', accessCount: 3 }, 3, 'medium'],
    ['from medium to high after 30 uses', { priority: 'medium', accessCount: 30 }, 1, 'high'],
    ['not after 29', { priority: 'medium', accessCount: 29 }, 5, undefined],
    ['from medium to high by 6 users', { priority: 'medium', accessCount: 6 }, 6, 'high'],
    ['never to critical', { priority: 'high', accessCount: 60_000 }, 16, undefined],
    ['never of what was put away', { priority: 'archive', accessCount: 60_000 }, 16, undefined],
    [
      'not of what nobody used of late',
      { priority: 'low', accessCount: 99, accessedAt: NOW - 31 * DAY_MS },
      9,
      undefined,
    ],
  ] as const)
    it(what, () => assert.equal(rise(fields, users)?.to, to));

  it('says why', () => {
    assert.equal(rise({ priority: 'low', accessCount: 12 }, 3)?.reason, 'used 12 times by 3 users');
    assert.equal(rise({ priority: 'low', accessCount: 12 })?.reason, 'used 12 times');
  });

  it('rests after each step, and asks for a use since', () => {
    const used = { priority: 'medium', accessCount: 99 } as const;
    assert.equal(rise(used, 1, [ours(6, 'medium')]), undefined);
    assert.equal(rise(used, 1, [ours(8, 'medium')])?.to, 'high');
    assert.equal(rise({ ...used, accessedAt: NOW - 9 * DAY_MS }, 1, [ours(8, 'medium')]), undefined);
    assert.equal(rise(used, 1, [set(6, 'medium')]), undefined);
    assert.equal(rise(used, 1, [set(8, 'medium')])?.to, 'high');
  });

  it('leaves alone what somebody set or took back after it rose', () => {
    const used = { priority: 'low', accessCount: 99 } as const;
    assert.equal(rise(used, 9, [ours(300, 'medium'), set(200, 'low')]), undefined);
    const undone = set(200, 'low', `${PROMOTION}used 12 times`, 'op');
    assert.equal(rise(used, 9, [undone, ours(300, 'medium')]), undefined);
  });

  it('never falls, takes one step at a time, and none again by itself at once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PRIORITIES),
        fc.nat({ max: 200 }),
        fc.nat({ max: 16 }),
        fc.nat({ max: 60 }),
        (priority, accessCount, users, days) => {
          const used = { priority, accessCount, accessedAt: NOW - days * DAY_MS };
          const found = rise(used, users);
          if (!found) return;
          assert.equal(PRIORITIES.indexOf(found.to), PRIORITIES.indexOf(priority) - 1);
          assert.notEqual(found.to, 'critical');
          assert.equal(rise({ ...used, priority: found.to }, users, [ours(0, found.to)]), undefined);
        },
      ),
    );
  });
});
