import assert from 'node:assert/strict';
import { createSnowballStemmer } from '../../../src/adapters/text/snowball.ts';
import { featuresOf } from '../../../src/engine/ranking/features.ts';
import { WindowedBm25 } from '../../../src/engine/ranking/windowedBm25.ts';
import { Analyzer } from '../../../src/engine/search/analyze.ts';
import { SearchIndex } from '../../../src/engine/search/searchIndex.ts';
import { record } from '../../fixtures/indexRecords.ts';

describe('featuresOf', () => {
  /** Of the middle one of three memories, whose similarities are .2, .8 and .2. */
  function windowOf(words: number, session: string | null): number {
    const index = new SearchIndex(new Analyzer(createSnowballStemmer()));
    const texts = ['oak', 'fir '.repeat(words), 'elm'];
    index.apply(texts.map((text, i) => record(i + 1, text, { session })));
    const bm25 = new WindowedBm25();
    bm25.score([], index.postings, index.catalog, {
      bits: new Uint8Array(3).fill(1),
      count: 3,
      meanWords: 1,
    });
    const { window } = featuresOf(1, {
      catalog: index.catalog,
      bm25,
      bestWords: 1,
      bestSession: 1,
      cosine: row => [0.2, 0.8, 0.2][row]!,
      dates: undefined,
      now: 0,
    });
    return Number(window.toFixed(6));
  }

  it('takes a remark’s meaning together with its neighbours', () => {
    // (.8 + ½ · .2 + ½ · .2) / 2
    assert.equal(windowOf(20, 's'), 0.5);
  });

  it('takes a long text’s meaning mostly by itself', () => {
    // .8 moves towards .5 by (20 / 40)², by (20 / 200)².
    assert.equal(windowOf(40, 's'), 0.725);
    assert.equal(windowOf(200, 's'), 0.797);
  });

  it('takes a memory outside sessions by itself', () => {
    assert.equal(windowOf(5, null), 0.8);
  });
});
