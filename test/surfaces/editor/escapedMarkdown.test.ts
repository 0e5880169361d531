import assert from 'node:assert/strict';
import { escapedMarkdown } from '../../../src/surfaces/editor/escapedMarkdown.ts';

describe('escapedMarkdown', () => {
  it('leaves no link, image, address or HTML to act', () => {
    const hostile = '[x](command:rm) ![y](https://example.com/z) <b> www.example.com $(trash)';
    assert.doesNotMatch(escapedMarkdown(hostile), /(?<!\\)[[\]()!<>:.$]/);
  });

  it('shows by its number what turns the direction of reading or drives a terminal', () => {
    assert.equal(escapedMarkdown('a\u202eb\u001b[31m'), 'a\\\\u202eb\\\\x1b\\[31m');
  });

  it('keeps words, spaces and lines', () => {
    assert.equal(escapedMarkdown('two  words\nnext line'), 'two  words  \nnext line');
  });
});
