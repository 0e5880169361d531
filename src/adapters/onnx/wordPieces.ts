import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';

/** Most tokens that one word becomes: one a character; a word of more characters is a single unknown token. */
const MOST_OF_A_WORD = 100;
const FIRST_CUT = 4_096;

/** Turns a text into the ids of its tokens. */
export type WordPieces = (text: string) => readonly number[];

/**
 * The tokenizer of a BERT model folder (`tokenizer.json`, `tokenizer_config.json`).
 *
 * @param limit longest result in tokens, > 2; a longer one is cut and keeps the closing `[SEP]`,
 *   without which the vector is far off
 */
export function loadWordPieces(directory: string, limit: number): WordPieces {
  const read = (name: string) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as object;
  const tokenizer = new Tokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
  return text => {
    const ids = beginning(tokenizer, text, limit);
    return ids.length <= limit ? ids : [...ids.slice(0, limit - 1), ids.at(-1)!];
  };
}

/**
 * Tokens of a long text's beginning, at least `limit` of them where it has so many. A cut changes nothing but the word
 * it falls into, so the first `limit` tokens are those of the whole text, at a fraction of the time.
 */
function beginning(tokenizer: Tokenizer, text: string, limit: number): readonly number[] {
  for (let cut = FIRST_CUT; cut < text.length; cut *= 4) {
    const { ids } = tokenizer.encode(text.slice(0, cut));
    if (ids.length > limit + MOST_OF_A_WORD) return ids;
  }
  return tokenizer.encode(text).ids;
}
