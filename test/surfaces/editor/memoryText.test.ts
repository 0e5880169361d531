import assert from 'node:assert/strict';
import { memoryPreview, memoryTitle } from '../../../src/surfaces/editor/memories/memoryText.ts';

describe('the title of a memory', () => {
  for (const [content, title] of [
    ['# Never charge a card twice\n\nEvery call …', 'Never charge a card twice'],
    ['\n---\n> **Use** `pnpm` in _every_ package', 'Use pnpm in every package'],
    ['`retry_charge_count` and max_retry_count stay', 'retry_charge_count and max_retry_count stay'],
    ['delay is 100 * 2 ** attempt, at most 30_000', 'delay is 100 * 2 ** attempt, at most 30_000'],
    ['`a * b * c` and **bold `x_y_z`**', 'a * b * c and bold x_y_z'],
    ['__init__.py is empty', '__init__.py is empty'],
    ['```ts\nexport const RETRIES = 5;\n```', 'export const RETRIES = 5;'],
    ['red \u001b[31m and \u202egnp.exe', 'red \\x1b[31m and \\u202egnp.exe'],
    ['', 'Untitled'],
  ] as const) {
    it(`of ${JSON.stringify(content)}`, () => assert.equal(memoryTitle(content), title));
  }

  it('is cut between words', () => {
    assert.equal(memoryTitle('one two three four five', 15), 'one two three…');
  });

  it('is followed by what it does not say', () => {
    assert.equal(memoryPreview('# Title\n\nThen `more_of_it`.', 'Title'), 'Then more_of_it.');
    assert.equal(memoryPreview('one two three four', 'one two…'), '… three four');
    assert.equal(memoryPreview('Full jitter\n\n```ts\nreturn 5;\n```', 'Full jitter'), 'return 5;');
    assert.equal(memoryPreview('all of it', 'all of it'), '');
  });
});
