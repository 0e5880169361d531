import type { Steps } from './steps.ts';

const BRACES = /\{([^{}]*)\}/;
/** Stand for braces that have been looked at. */
const [OPENED, CLOSED] = ['\u0001', '\u0002'];

/** What the globs of one claim may become together: far more than anybody writes. */
export interface Room {
  /** Texts that are left. */
  readonly alternatives: Steps;
  /** Characters that are left. */
  readonly characters: Steps;
}

/** Braces written out; undefined where that is more than there is room for. */
export function expandBraces(path: string, room: Room): readonly string[] | undefined {
  const open = [path];
  const done: string[] = [];
  while (open.length > 0) {
    const next = open.pop()!;
    if (!room.characters.spend(next.length)) return undefined;
    const [braces, inner] = BRACES.exec(next) ?? [];
    if (braces === undefined) done.push(next.replaceAll(OPENED!, '{').replaceAll(CLOSED!, '}'));
    else for (const choice of choicesOf(inner!)) open.push(next.replace(braces, () => choice));
    if (done.length + open.length > room.alternatives.left) return undefined;
  }
  room.alternatives.spend(done.length);
  return done;
}

/** Braces around one text may be part of a name. */
function choicesOf(inner: string): readonly string[] {
  if (inner.includes(',')) return inner.split(',');
  return inner.includes('..') ? ['*'] : [inner, `${OPENED}${inner}${CLOSED}`];
}
