import assert from 'node:assert/strict';
import { createSnowballStemmer } from '../../../src/adapters/text/snowball.ts';
import { WindowedBm25 } from '../../../src/engine/ranking/windowedBm25.ts';
import { Analyzer, termHash } from '../../../src/engine/search/analyze.ts';
import { SearchIndex } from '../../../src/engine/search/searchIndex.ts';
import { record } from '../../fixtures/indexRecords.ts';

const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs(actual! - expected) < 1e-5, `${actual} instead of ${expected}`);

describe('windowed BM25', () => {
  function scoresOf(texts: readonly string[], session: string | null, word: string): Float32Array {
    const index = new SearchIndex(new Analyzer(createSnowballStemmer()));
    index.apply(texts.map((text, i) => record(i + 1, text, { session })));
    const bm25 = new WindowedBm25();
    const bits = new Uint8Array(texts.length).fill(1);
    const words = index.catalog.words.subarray(0, texts.length);
    const meanWords = words.reduce((sum, count) => sum + count, 0) / texts.length;
    bm25.score([termHash(word)], index.postings, index.catalog, { bits, count: texts.length, meanWords });
    return bm25.scores.slice(0, texts.length);
  }

  it('is BM25 for memories outside sessions, by hand', () => {
    // N = 3, df = 1, idf = ln(1 + 2.5 / 1.5); two of two words, mean 2: tf 2 / (1 - .2 + .2) = 2; 2 · 2 / (2 + 1).
    const scores = scoresOf(['zinc zinc', 'oak elm', 'ash fir'], null, 'zinc');
    near(scores[0], (Math.log(1 + 2.5 / 1.5) * 2 * 2) / 3);
    assert.deepEqual([scores[1], scores[2]], [0, 0]);
  });

  it('gives neighbours of a session their share before it saturates, by hand', () => {
    const idf = Math.log(1 + 3.5 / 1.5);
    const saturated = (count: number) => (idf * count * 2) / (count + 1);
    const scores = scoresOf(['oak elm', 'zinc elm', 'ash fir', 'fir elm'], 's', 'zinc');
    near(scores[0], saturated(0.3));
    near(scores[1], saturated(1));
    near(scores[2], saturated(0.4));
    near(scores[3], saturated(0.16));
  });

  it('gives a long memory little of its neighbours, by hand', () => {
    // 40 words take (20 / 40)² of the neighbour's count, whose one word against a mean of 20.5 makes it 1 / (.8 + .2 / 20.5).
    const scores = scoresOf(
      [Array.from({ length: 40 }, (_, i) => `oak${'x'.repeat(i)}`).join(' '), 'zinc'],
      's',
      'zinc',
    );
    const count = 0.25 * 0.3 * (1 / (0.8 + 0.2 / 20.5));
    near(scores[0], (Math.log(1 + 1.5 / 1.5) * count * 2) / (count + 1));
  });
});
