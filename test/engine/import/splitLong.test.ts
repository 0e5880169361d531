import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitLong } from '../../../src/engine/import/splitLong.ts';

describe('a text that is too long for one memory', () => {
  it('is split into parts that fit and are the text again, joined', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\n\n', '🙂', 'é'), maxLength: 200 }),
        fc.integer({ min: 2, max: 30 }),
        (text, max) => {
          const parts = splitLong(text, max);
          assert.equal(parts.join(''), text);
          for (const part of parts) assert.ok(part.length <= max && part.isWellFormed());
        },
      ),
    );
  });

  it('is cut between paragraphs where that leaves parts of some size', () => {
    assert.deepEqual(splitLong('One two three.\n\nFour five six.', 20), [
      'One two three.\n\n',
      'Four five six.',
    ]);
    assert.deepEqual(splitLong('One two three four', 10), ['One two ', 'three four']);
  });
});
