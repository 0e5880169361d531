import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { loadWordPieces } from '../../../src/adapters/onnx/wordPieces.ts';
import { mediaFile } from '../../../src/main/assets.ts';

const directory = mediaFile('models', 'all-MiniLM-L6-v2');
const wordPieces = loadWordPieces(directory, 256);
const read = (name: string) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as object;
const whole = new Tokenizer(read('tokenizer.json'), read('tokenizer_config.json'));

describe('wordPieces', () => {
  it('frames a text with [CLS] and [SEP]', () => {
    assert.deepEqual(wordPieces('hello world'), [101, 7592, 2088, 102]);
    assert.deepEqual(wordPieces(''), [101, 102]);
  });

  it('cuts at the limit and keeps the closing [SEP]', () => {
    const ids = wordPieces('tree '.repeat(1_000));
    assert.equal(ids.length, 256);
    assert.equal(ids[0], 101);
    assert.equal(ids[255], 102);
  });

  it('cuts a long text as if the whole had been read', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'grapheme', minLength: 90, maxLength: 300 }),
      fc.constantFrom('x'.repeat(3_000), ' '.repeat(5_000), 'getUserById', '数据库', 'naïve', '[SEP]'),
    );
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        (words, times) => {
          const text = `${words.join(' ')} `.repeat(times);
          const all = whole.encode(text).ids;
          const expected = all.length <= 256 ? all : [...all.slice(0, 255), 102];
          assert.deepEqual(wordPieces(text), expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
