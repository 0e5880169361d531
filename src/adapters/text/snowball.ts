import { newStemmer } from 'snowball-stemmers';
import type { Stem } from '../../engine/search/analyze.ts';

/** English stems by the Snowball algorithm (Porter 2). Words with other letters than a-z are left as they are. */
export function createSnowballStemmer(): Stem {
  const stemmer = newStemmer('english');
  return word => (/^[a-z]{3,}$/.test(word) ? stemmer.stem(word) : word);
}
