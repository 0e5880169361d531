import { expandBraces, type Room } from './expandBraces.ts';
import { Steps } from './steps.ts';

/** Any number of folders, none too. */
export const ANY_DEPTH = '**';
/** Of a name: one character, any number of them. */
export const ANY = Symbol('?');
export const STAR = Symbol('*');

/** One of some folded characters, or none of these. */
export interface CharacterClass {
  /** Steps that it takes to ask it. */
  readonly cost: number;
  has(character: string): boolean;
}

/** A folded character, or a sign. */
export type NamePart = string | typeof ANY | typeof STAR | CharacterClass;
export interface Name {
  /** Its folded text, where it has no signs. */
  readonly plain: string | undefined;
  /** The ways to read it: `[id]` is a class, and the name of a folder. */
  readonly readings: readonly (readonly NamePart[])[];
}
export type Segment = typeof ANY_DEPTH | Name;
export type Path = readonly Segment[];

/** Of a claim, in all: more than anybody writes. */
const MOST_ALTERNATIVES = 500;
const MOST_CHARACTERS = 32_000;
/** To read a character takes as long as so many steps. */
const STEPS_A_CHARACTER = 10;
/** `!` before the whole, the likes of `+(a|b)`, escapes: what these name is not known here. */
const UNKNOWN = /^!|[!?+*@]\(|\\(?=[*?[\]{}()!+@])/;

/**
 * What the globs of a claim may name, as lists of segments: `**`, `*`, `?`, `{a,b}`, `{1..9}`, `[abc]`. A path whose last name is plain, or that
 * ends in `/`, names everything below it too. Characters are folded, since file systems may ignore case and how accents are encoded. What is
 * more than a claim has room for may name anything below its plain beginning.
 * @param steps what it takes is taken from these
 */
export function parseGlobs(globs: readonly string[], steps: Steps): readonly Path[] {
  const room = roomOfClaim();
  const paths = globs.flatMap(glob => parseGlob(glob, room));
  steps.spend(STEPS_A_CHARACTER * (MOST_CHARACTERS - room.characters.left));
  return paths;
}

/** What the globs of one claim may be written out to. */
export function roomOfClaim(): Room {
  return { alternatives: new Steps(MOST_ALTERNATIVES), characters: new Steps(MOST_CHARACTERS) };
}

function parseGlob(glob: string, room: Room): readonly Path[] {
  const text = glob.normalize('NFC');
  const unknown = UNKNOWN.exec(text);
  const path = (unknown ? text.slice(0, unknown.index) : text).replaceAll('\\', '/');
  const alternatives = unknown ? undefined : expandBraces(path, room);
  return alternatives?.map(toSegments) ?? [anythingBelow(path)];
}

function anythingBelow(path: string): Path {
  const plain = path.slice(0, path.search(/[*?[{]|$/));
  return toSegments(plain.slice(0, plain.lastIndexOf('/') + 1));
}

function toSegments(path: string): Path {
  const segments: Segment[] = [];
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') segments.push(toSegment(name));
    else if (segments.at(-1) !== ANY_DEPTH) segments.pop();
  }
  const last = segments.at(-1);
  // `..` and `.` are folders, whatever the name before them looks like.
  const isFolder = /(^|\/)\.{0,2}$/.test(path) || last === undefined || mayBeFolder(last);
  return isFolder ? [...segments, ANY_DEPTH] : segments;
}

function mayBeFolder(segment: Segment): boolean {
  return segment !== ANY_DEPTH && segment.readings.some(isPlain);
}

function isPlain(parts: readonly NamePart[]): boolean {
  return parts.every(part => typeof part === 'string');
}

function toSegment(name: string): Segment {
  // Beside other characters some take it for `*`, some for folders.
  if (name.includes('**')) return ANY_DEPTH;
  // [[:alpha:]] and the like.
  if (name.includes('[:')) return { plain: undefined, readings: [[STAR]] };
  const characters = [...name];
  const parts = toParts(characters);
  if (isPlain(parts)) return { plain: parts.join(''), readings: [parts] };
  const hasClass = parts.some(part => typeof part === 'object');
  return { plain: undefined, readings: hasClass ? [parts, characters.map(fold)] : [parts] };
}

function toParts(characters: readonly string[]): readonly NamePart[] {
  const parts: NamePart[] = [];
  const lastClosing = characters.lastIndexOf(']');
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!;
    const isNegated = '!^'.includes(characters[i + 1] ?? ' ');
    const start = i + (isNegated ? 2 : 1);
    if (character === '[' && start <= lastClosing) {
      // A bracket that closes at once is one of the class where another follows.
      const closing = start < lastClosing ? characters.indexOf(']', start + 1) : start;
      parts.push(classOf(characters.slice(start, closing), isNegated));
      i = closing;
    } else if (character === '*') parts.push(STAR);
    else if (character === '?') parts.push(ANY);
    else parts.push(fold(character));
  }
  return parts;
}

function classOf(members: readonly string[], isNegated: boolean): CharacterClass {
  const ranges: (readonly [from: string, to: string])[] = [];
  for (let i = 0; i < members.length; i++) {
    const isRange = members[i + 1] === '-' && i + 2 < members.length;
    ranges.push([members[i]!, members[isRange ? i + 2 : i]!]);
    if (isRange) i += 2;
  }
  const has = (character: string) => ranges.some(([from, to]) => from <= character && character <= to);
  return {
    cost: 20 + 6 * ranges.length,
    has: character =>
      [character, character.toLowerCase(), character.toUpperCase()].some(form => has(form) !== isNegated),
  };
}

function fold(character: string): string {
  return character.toLowerCase();
}
