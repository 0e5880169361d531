import assert from 'node:assert/strict';
import { escapedMarkdown } from '../../../src/surfaces/editor/escapedMarkdown.ts';

describe('escapedMarkdown', () => {
  it('leaves no link, image, address or HTML to act', () => {
    const hostile = '[x](command:rm) ![y](https://example.com/z) <b> www.example.com $(trash)';
    assert.doesNotMatch(escapedMarkdown(hostile), /(?<!\\)[[\]()!<>:.$]/);
  });

  it('keeps words, spaces and lines', () => {
    assert.equal(escapedMarkdown('two  words\nnext line'), 'two  words  \nnext line');
  });
});
