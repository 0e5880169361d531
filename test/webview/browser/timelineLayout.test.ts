import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TimelineLayout } from '../../../webview/browser/timelineLayout.ts';

const stretch = fc.record(
  { heading: fc.string(), count: fc.integer({ min: 1, max: 200 }) },
  { noNullPrototype: true },
);

describe('the layout of a timeline', () => {
  it('puts a heading above each stretch', () => {
    const today = { heading: 'today', count: 2 };
    const before = { heading: 'before', count: 1 };
    const layout = new TimelineLayout([today, before]);
    const places = Array.from({ length: layout.length }, (_, i) => layout.at(i));
    assert.deepEqual(places, [{ heading: today }, { row: 0 }, { row: 1 }, { heading: before }, { row: 2 }]);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map(i => layout.rowFrom(i)),
      [0, 0, 1, 2, 2],
    );
  });

  it('is the list with its headings between, whatever the stretches', () => {
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 30 }), stretches => {
        const layout = new TimelineLayout(stretches);
        let row = 0;
        const whole = stretches.flatMap(one => [
          { heading: one },
          ...Array.from({ length: one.count }, () => ({ row: row++ })),
        ]);
        assert.equal(layout.length, whole.length);
        for (const [index, place] of whole.entries()) {
          assert.deepEqual(layout.at(index), place);
          if ('row' in place) assert.equal(layout.indexOf(place.row), index);
        }
      }),
    );
  });
});
