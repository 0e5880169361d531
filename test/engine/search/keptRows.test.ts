import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSnowballStemmer } from '../../../src/adapters/text/snowball.ts';
import { allowedRows } from '../../../src/engine/search/allowedRows.ts';
import { Analyzer } from '../../../src/engine/search/analyze.ts';
import { KeptRows } from '../../../src/engine/search/keptRows.ts';
import { SearchIndex } from '../../../src/engine/search/searchIndex.ts';
import { record } from '../../fixtures/indexRecords.ts';

const analyzer = new Analyzer(createSnowballStemmer());

describe('KeptRows', () => {
  it('are those of a pass made anew, whatever came, changed and ended meanwhile', () => {
    const time = fc.option(fc.integer({ min: 1, max: 40 }), { nil: null });
    const stored = fc.record({
      do: fc.constant('store' as const),
      num: fc.integer({ min: 1, max: 12 }),
      content: fc.constantFrom('red', 'green blue', 'a very long one'),
      namespace: fc.constantFrom('shop', 'bank'),
      owner: fc.constantFrom('ada', 'bob'),
      visibility: fc.constantFrom('public' as const, 'private' as const),
      tags: fc.subarray(['x', 'y']),
      deleted: fc.boolean(),
      ...{ expiresAt: time, validFrom: time, validUntil: time },
    });
    const waited = fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: -5, max: 10 }) });
    const asked = fc.record({
      do: fc.constant('ask' as const),
      principal: fc.constantFrom('ada', 'bob'),
      namespaces: fc.option(fc.constant(['shop']), { nil: undefined }),
      tags: fc.option(fc.constant(['y']), { nil: undefined }),
    });
    const steps = fc.array(fc.oneof(stored, waited, { weight: 3, arbitrary: asked }), {
      minLength: 30,
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, taken => {
        const { catalog, ...index } = indexed();
        const kept = new KeptRows(catalog);
        let now = 10;
        for (const step of taken) {
          if (step.do === 'store') index.apply(step);
          else if (step.do === 'wait') now += step.ms;
          else {
            const viewer = { principal: step.principal, client: 'cli' };
            const { namespaces, tags } = step;
            const conditions = { viewer, now, ...(namespaces && { namespaces }), ...(tags && { tags }) };
            const found = kept.of({ ...conditions, text: `question at ${now}`, limit: 1 });
            const wanted = allowedRows(catalog, conditions);
            const rows = (bits: Uint8Array) => [...bits.subarray(0, catalog.rows)];
            assert.deepEqual(rows(found.bits), rows(wanted.bits));
            assert.deepEqual([found.count, found.meanWords], [wanted.count, wanted.meanWords]);
            // Looked at anew too early is no harm.
            assert.ok(found.until <= wanted.until);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are looked at once for questions that differ in their words', () => {
    const { catalog, apply } = indexed();
    apply({ num: 1, content: 'red' });
    const kept = new KeptRows(catalog);
    const ask = (text: string, principal: string) =>
      kept.of({ text, limit: 3, now: 10, viewer: { principal, client: 'cli' } });
    assert.equal(ask('blue', 'ada'), ask('red', 'ada'));
    assert.notEqual(ask('blue', 'ada'), ask('blue', 'bob'));
  });
});

function indexed() {
  const index = new SearchIndex(analyzer);
  return {
    catalog: index.catalog,
    apply({
      num,
      content,
      ...fields
    }: Partial<ReturnType<typeof record>> & { num: number; content: string }) {
      index.apply([record(num, content, fields)]);
    },
  };
}
