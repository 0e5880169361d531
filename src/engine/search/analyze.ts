import { STOP_WORDS } from './stopWords.ts';

/** Reduces a lower-case word to its stem. */
export type Stem = (word: string) => string;

/** Words joined by signs, as in `src/main/cli.ts`, `store_memory`, `node:sqlite` or `well-known`. */
const COMPOUND = /[\p{L}\p{N}]+(?:[_./\\:@$#-]+[\p{L}\p{N}]+)*/gu;
const APOSTROPHE = /['’](?:s|t|re|ve|ll|d|m)\b/giu;
const SIGNS = /[_./\\:@$#-]+/;
/** Where camelCase, PascalCase and letters beside digits part. */
const HUMP = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})/u;
const LONGEST_WHOLE = 64;
const CACHED_WORDS = 60_000;

/** A text as the index sees it. */
export interface AnalyzedText {
  /** How often each term occurs, by its hash. */
  readonly terms: ReadonlyMap<number, number>;
  /** Words, without stop words. */
  readonly length: number;
}

/**
 * Cuts text into terms: lower case, stop words dropped, stems; identifiers and paths both in parts (`getUserName` finds `user`)
 * and whole (`getUserName` finds itself first).
 */
export class Analyzer {
  readonly #stem: Stem;
  /** Hash of a word's stem; 0 for a stop word. Texts repeat their words, and stemming is what costs. */
  readonly #hashes = new Map<string, number>();

  constructor(stem: Stem) {
    this.#stem = stem;
  }

  analyze(text: string): AnalyzedText {
    const terms = new Map<number, number>();
    let length = 0;
    const add = (hash: number) => terms.set(hash, (terms.get(hash) ?? 0) + 1);
    for (const [compound] of text.replace(APOSTROPHE, '').matchAll(COMPOUND)) {
      const parts = split(compound);
      for (const part of parts) {
        const hash = this.#hash(part.toLowerCase());
        if (hash === 0) continue;
        add(hash);
        length += 1;
      }
      if (parts.length > 1 && compound.length <= LONGEST_WHOLE) add(termHash(compound.toLowerCase()));
    }
    return { terms, length };
  }

  #hash(word: string): number {
    let hash = this.#hashes.get(word);
    if (hash === undefined) {
      hash = STOP_WORDS.has(word) ? 0 : termHash(this.#stem(word));
      if (this.#hashes.size >= CACHED_WORDS) this.#hashes.clear();
      this.#hashes.set(word, hash);
    }
    return hash;
  }
}

function split(compound: string): readonly string[] {
  if (/^(?:\p{Ll}+|\p{Lu}?\p{Ll}+|\p{N}+)$/u.test(compound)) return [compound];
  return compound.split(SIGNS).flatMap(part => part.split(HUMP));
}

/**
 * 53 bits that stand for a term (cyrb53, a public-domain hash by bryc). Among a million terms two collide with a probability of 5 in 100,000, and
 * then a search ranks a little worse; in return the index holds no strings. Never 0.
 */
export function termHash(term: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < term.length; i++) {
    const unit = term.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0) || 1;
}
