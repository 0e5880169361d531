import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSnowballStemmer } from '../../../src/adapters/text/snowball.ts';
import type { MemoryType, Priority } from '../../../src/engine/model/memory.ts';
import type { IndexRecord } from '../../../src/engine/ports/indexSource.ts';
import { Analyzer } from '../../../src/engine/search/analyze.ts';
import { readSnapshot, writeSnapshot } from '../../../src/engine/search/indexSnapshot.ts';
import { SearchIndex } from '../../../src/engine/search/searchIndex.ts';
import type { SearchQuery } from '../../../src/engine/search/searchQuery.ts';
import { record } from '../../fixtures/indexRecords.ts';
import { createPlainVectorIndex } from '../../fixtures/plainVectorIndex.ts';

const analyzer = new Analyzer(createSnowballStemmer());
const NOW = 1_000_000;

function indexOf(records: readonly IndexRecord[]): SearchIndex {
  const index = new SearchIndex(analyzer);
  index.apply(records);
  return index;
}

async function found(index: SearchIndex, text: string, query: Partial<SearchQuery> = {}): Promise<number[]> {
  const viewer = { principal: 'ada@host/claude-code', client: 'claude-code' };
  const hits = await index.search({ text, viewer, limit: 100, now: NOW, ...query });
  return hits.map(hit => hit.num);
}

describe('SearchIndex', () => {
  it('prefers the rarer word', async () => {
    const common = Array.from({ length: 20 }, (_, i) => record(i + 1, `deploy step number${i}`));
    const index = indexOf([...common, record(99, 'deploy with terraform')]);
    assert.equal((await found(index, 'deploy terraform'))[0], 99);
  });

  it('lets neighbours of a session speak for a memory, and no other', async () => {
    const session = (num: number, text: string) => record(num, text, { session: 's' });
    const index = indexOf([
      session(1, 'Shall we talk about the kubernetes upgrade'),
      session(2, 'Yes it happens in March'),
      record(3, 'Yes it happens in April'),
    ]);
    const nums = await found(index, 'kubernetes upgrade');
    assert.deepEqual(nums, [1, 2]);
  });

  it('applies changes one by one as if it were built anew', async () => {
    const change = fc.record({
      num: fc.integer({ min: 1, max: 12 }),
      words: fc.array(fc.constantFrom('red', 'green', 'blue', 'fast', 'slow', 'storage'), {
        minLength: 1,
        maxLength: 5,
      }),
      session: fc.option(fc.constantFrom('s', 't')),
      deleted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 40 }), async changes => {
        const index = new SearchIndex(analyzer);
        const live = new Map<number, IndexRecord>();
        for (const { num, words, session, deleted } of changes) {
          const one = record(num, words.join(' '), { session, deleted });
          index.apply([one]);
          if (deleted) live.delete(num);
          else live.set(num, one);
        }
        const anew = indexOf([...live.values()]);
        assert.equal(index.size, live.size);
        for (const question of ['red storage', 'blue', 'slow green fast']) {
          assert.deepEqual((await found(index, question)).sort(), (await found(anew, question)).sort());
        }
      }),
      { numRuns: 150 },
    );
  });

  it('finds exactly what rights, time and filters allow', async () => {
    const records = fc.array(
      fc.record({
        namespace: fc.constantFrom<string>('shop', 'bank'),
        owner: fc.constantFrom('ada@host/claude-code', 'bob@host/vscode'),
        visibility: fc.constantFrom('public' as const, 'private' as const, 'shared' as const),
        sharedWith: fc.subarray<string>(['claude-code', 'codex']),
        agent: fc.constantFrom('a', 'b', null),
        type: fc.constantFrom('code' as const, 'task' as const),
        priority: fc.constantFrom('high' as const, 'archive' as const),
        tags: fc.subarray<string>(['x', 'y']),
        session: fc.constantFrom('s', 't', null),
        expiresAt: fc.constantFrom(null, NOW - 1, NOW + 1),
        validFrom: fc.constantFrom(null, NOW - 1, NOW + 1),
        validUntil: fc.constantFrom(null, NOW - 1, NOW + 1),
      }),
      { maxLength: 30 },
    );
    const filters = fc.record(
      {
        namespaces: fc.constantFrom<string[]>(['shop'], ['shop', 'bank'], ['none']),
        agent: fc.constantFrom('a', 'nobody'),
        types: fc.constantFrom<MemoryType[]>(['code'], ['code', 'task']),
        priorities: fc.constantFrom<Priority[]>(['archive'], ['high']),
        tags: fc.constantFrom<string[]>(['x'], ['x', 'y'], ['z']),
        session: fc.constantFrom('s', 'none'),
        since: fc.constantFrom(3, 1e9),
        until: fc.constantFrom(10, 1),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(records, filters, async (given, filter) => {
        const all = given.map((fields, i) => record(i + 1, 'needle in the hay', fields));
        const allowed = all.filter(
          one =>
            (one.visibility === 'public' ||
              one.owner === 'ada@host/claude-code' ||
              (one.visibility === 'shared' && one.sharedWith.includes('claude-code'))) &&
            (one.expiresAt ?? NOW + 1) > NOW &&
            (one.validFrom ?? 0) <= NOW &&
            (one.validUntil ?? NOW + 1) > NOW &&
            (filter.namespaces ?? [one.namespace]).includes(one.namespace) &&
            (filter.agent ?? one.agent) === one.agent &&
            (filter.types ?? [one.type]).includes(one.type) &&
            (filter.priorities ? filter.priorities.includes(one.priority) : one.priority !== 'archive') &&
            (filter.tags ?? []).every(tag => one.tags.includes(tag)) &&
            (filter.session ?? one.session) === one.session &&
            one.createdAt >= (filter.since ?? 0) &&
            one.createdAt < (filter.until ?? 1e9),
        );
        const nums = await found(indexOf(all), 'needle', filter);
        assert.deepEqual(
          [...nums].sort((a, b) => a - b),
          allowed.map(one => one.num),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is the same after a snapshot, and goes on from there', async () => {
    const records = Array.from({ length: 300 }, (_, i) =>
      record(i + 1, `word${i % 17} word${i % 5}`, {
        session: i % 3 === 0 ? `s${i % 9}` : null,
        tags: [`t${i % 4}`],
      }),
    );
    const index = indexOf(records);
    index.apply([record(5, '', { deleted: true }), record(6, 'changed entirely')]);
    const state = { storeId: 'store', model: null, log: 7, vectors: 0 };
    const bytes = Buffer.concat(writeSnapshot(index, state));
    const factory = { create: createPlainVectorIndex, restore: () => createPlainVectorIndex(2) };
    const restored = readSnapshot(bytes, analyzer, factory, { storeId: 'store', model: null });
    assert.deepEqual(restored?.state, state);
    for (const each of [index, restored!.index])
      each.apply([record(400, 'word3 afterwards', { session: 's3' })]);
    for (const [question, query] of [
      ['word3', {}],
      ['changed', {}],
      ['word1 word2', { tags: ['t1'] }],
    ] as const) {
      assert.deepEqual(await found(restored!.index, question, query), await found(index, question, query));
    }
    assert.equal(readSnapshot(bytes, analyzer, factory, { storeId: 'another', model: null }), undefined);
    assert.equal(readSnapshot(bytes, analyzer, factory, { storeId: 'store', model: 'm' }), undefined);
  });
});
