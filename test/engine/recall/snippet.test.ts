import assert from 'node:assert/strict';
import { snippet } from '../../../src/engine/recall/snippet.ts';

const filler = (words: number) => 'other words '.repeat(words / 2);

describe('the snippet of a text', () => {
  it('is the whole of a short one', () => {
    assert.deepEqual(snippet(' A short text. ', 'text', 100), { text: 'A short text.', truncated: false });
  });

  it('is where most different words of the query are together', () => {
    const text = `${filler(100)} retry retry retry ${filler(100)} retry with backoff ${filler(100)}`;
    const { text: shown, truncated } = snippet(text, 'retry backoff', 60);
    assert.match(shown, /^… .*retry with backoff.* …$/);
    assert.ok(truncated && shown.length <= 64);
  });

  it('is the beginning where there is no word of the query', () => {
    assert.match(snippet(`Begins so. ${filler(100)}`, 'nothing', 40).text, /^Begins so\. .* …$/);
  });

  it('is found in one pass where nearly each word is one of the query', () => {
    // Each hit compared with each other would take an hour.
    const text = 'lorem ipsum '.repeat(500_000);
    assert.match(snippet(`${text} lorem ipsum dolor`, 'lorem ipsum dolor', 200).text, /dolor$/);
  });
});
