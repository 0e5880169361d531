import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSnowballStemmer } from '../../../src/adapters/text/snowball.ts';
import { Analyzer, termHash } from '../../../src/engine/search/analyze.ts';

describe('Analyzer', () => {
  const analyzer = new Analyzer(createSnowballStemmer());
  const shares = (a: string, b: string) => {
    const other = analyzer.analyze(b).terms;
    return [...analyzer.analyze(a).terms.keys()].some(term => other.has(term));
  };

  for (const [query, text] of [
    ['cache', 'Caches are cached'],
    ['user name', 'getUserName()'],
    ['getUserName', 'calls getUserName twice'],
    ['store', 'the store_memory tool'],
    ['retry', 'src/payments/retry.ts'],
    ['src/payments/retry.ts', 'see src/payments/retry.ts'],
    ['http2 server', 'HTTP2Server'],
    ['parse html', 'parseHTMLDocument'],
    ['sqlite', 'import node:sqlite'],
    ['naïve', 'a NAÏVE idea'],
    ['日本', '日本 の 天気'],
    ["what's ported", 'porting'],
  ] as const) {
    it(`finds "${text}" by "${query}"`, () => assert.ok(shares(query, text)));
  }

  it('drops words that tell nothing', () => {
    assert.equal(analyzer.analyze('what is the of and to').terms.size, 0);
  });

  it('counts words, not the wholes of identifiers', () => {
    assert.equal(analyzer.analyze('parseUserName').length, 3);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
        const { terms, length } = analyzer.analyze(text);
        for (const [term, count] of terms) assert.ok(Number.isSafeInteger(term) && term > 0 && count > 0);
        assert.ok(length >= 0);
      }),
    );
  });

  it('hashes words of a language without collisions', () => {
    const hashes = new Set(Array.from({ length: 200_000 }, (_, i) => termHash(`word${i.toString(36)}`)));
    assert.equal(hashes.size, 200_000);
  });
});
