import { ANY, ANY_DEPTH, type NamePart, type Path, parseGlobs, type Segment, STAR } from './parseGlob.ts';
import { Steps } from './steps.ts';

/** Of one comparison: some milliseconds. Claims that people write take a hundredth of it. */
export const MOST_STEPS = 500_000;
/** Of one claim with all that there are: some hundred milliseconds. */
const MOST_STEPS_IN_ALL = 10_000_000;

/**
 * Whether two lists of globs may name one file, now or later: no files are looked at. Where it is not certain the answer is yes; a no can be
 * relied on.
 * @param a globs relative to the repository's root, with forward slashes
 * @param steps what it may take; where that is too little the answer is yes
 * @see parseGlob.ts, which says what they may hold
 */
export function globsOverlap(
  a: readonly string[],
  b: readonly string[],
  steps = new Steps(MOST_STEPS),
): boolean {
  return anyMeet(parseGlobs(a, steps), parseGlobs(b, steps), steps);
}

/** As `globsOverlap`, for one claim and all others: in all it takes a limited time, too. */
export function compareClaims(
  whole = new Steps(MOST_STEPS_IN_ALL),
): (claim: readonly string[], other: readonly string[]) => boolean {
  const read = new Map<readonly string[], readonly Path[]>();
  return (claim, other) => {
    const steps = new Steps(MOST_STEPS, whole);
    if (!steps.spend(1)) return true;
    const paths = read.get(claim) ?? parseGlobs(claim, steps);
    read.set(claim, paths);
    return anyMeet(paths, parseGlobs(other, steps), steps);
  };
}

function anyMeet(a: readonly Path[], b: readonly Path[], steps: Steps): boolean {
  return a.some(path => b.some(other => pathsMeet(path, other, steps)));
}

function pathsMeet(a: Path, b: Path, steps: Steps): boolean {
  return meet(a, b, segment => segment === ANY_DEPTH, segmentsMeet, steps);
}

function segmentsMeet(a: Segment, b: Segment, steps: Steps): boolean {
  if (a === ANY_DEPTH || b === ANY_DEPTH) return true;
  if (a.plain !== undefined && b.plain !== undefined) return a.plain === b.plain;
  return a.readings.some(reading =>
    b.readings.some(other => meet(reading, other, part => part === STAR, charactersMeet, steps)),
  );
}

function charactersMeet(a: NamePart, b: NamePart, steps: Steps): boolean {
  if (typeof a === 'object') return typeof b !== 'string' || !steps.spend(a.cost) || a.has(b);
  if (typeof b === 'object') return typeof a !== 'string' || !steps.spend(b.cost) || b.has(a);
  return a === b || a === ANY || b === ANY;
}

/**
 * Whether two patterns have a text in common, in time of the product of their lengths; yes where the steps do not reach.
 * @param isMany whether a part stands for any number of anything
 * @param same whether two parts that stand for one may be the same
 */
function meet<T>(
  a: readonly T[],
  b: readonly T[],
  isMany: (part: T) => boolean,
  same: (a: T, b: T, steps: Steps) => boolean,
  steps: Steps,
): boolean {
  // Which beginnings of `b` may be what the parts of `a` so far are: from the shortest to the longest.
  let reached = new Uint8Array(b.length + 1);
  let [shortest, longest] = [0, 0];
  reached[0] = 1;
  while (longest < b.length && isMany(b[longest]!)) reached[++longest] = 1;
  for (const part of a) {
    const next = new Uint8Array(b.length + 1);
    const isAny = isMany(part);
    let [first, last] = [-1, -1];
    let j = shortest;
    for (; j <= b.length; j++) {
      const other = b[j - 1];
      let found = isAny ? reached[j]! : 0;
      // What stands for any number stands for none, too.
      if (j > shortest && (isAny || isMany(other!))) found |= next[j - 1]!;
      if (!isAny && j > 0)
        found |= isMany(other!) ? reached[j]! : Number(reached[j - 1] === 1 && same(part, other!, steps));
      next[j] = found;
      if (found === 1) [first, last] = [first === -1 ? j : first, j];
      else if (j > longest) break;
    }
    if (!steps.spend(2 + j - shortest + b.length / 16)) return true;
    if (first === -1) return false;
    [reached, shortest, longest] = [next, first, last];
  }
  return reached[b.length] === 1;
}
