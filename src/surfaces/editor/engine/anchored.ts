import { linesOf } from '../../../engine/anchors/anchoredText.ts';
import { isChecked, locateAnchor } from '../../../engine/anchors/locateAnchor.ts';
import type { Engine } from '../../../engine/engine.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import type { Anchor, Memory } from '../../../engine/model/memory.ts';
import { readNamespaces } from '../../../engine/model/namespace.ts';
import type { FileFate, WorkingFile } from '../../../engine/ports/workingCopies.ts';

/** A file shows so many memories; where it has more, the newest. */
const MOST = 200;
/** As many speak of a file as a whole. */
const MOST_WHOLE = 50;
/** What an import made of commits: each speaks of every file that it changed. */
const COMMITS = 'git';
/** So much of a memory is enough to know it by. Characters. */
const SHOWN = 600;

/** A memory that speaks of a file, or of lines of it. */
export interface AnchoredMemory {
  readonly id: string;
  /** Its begin, where it is long. */
  readonly content: string;
  readonly type: string;
  readonly agent: string | null;
  readonly pinned: boolean;
  /** ms since the epoch */
  readonly createdAt: number;
  /** Those to the file; their paths may be names that it had before. */
  readonly anchors: readonly Anchor[];
}

export interface AnchoredFile {
  /** The file as anchors name it, at the commit that is checked out. */
  readonly place: Anchor;
  /** Newest first. */
  readonly memories: readonly AnchoredMemory[];
}

/** Where the code is that one anchor of a memory names. */
export interface PlaceNow {
  readonly anchor: Anchor;
  /** Absolute; absent where the file is not there, or its repository not at hand. */
  readonly file?: string;
  /** `unchecked`: there, and nobody can tell whether it is what it was. */
  readonly state: 'here' | 'moved' | 'changed' | 'unchecked' | 'away' | 'gone';
  readonly startLine?: number;
  readonly endLine?: number;
  /** Of a file that is not where the anchor says. */
  readonly fate?: FileFate;
}

/** The memories that speak of a file or of lines of it, under its name or one that it had before. */
export async function anchoredIn(
  { memories }: Pick<Engine, 'memories'>,
  place: Anchor,
  caller: Caller,
  formerNames: readonly string[],
): Promise<AnchoredFile> {
  const { path, repository } = place;
  const namespaces = readNamespaces(undefined, caller)!;
  const found = new Map<string, AnchoredMemory>();
  const listed = async (name: string, lined: boolean) => {
    const page = { limit: lined ? MOST : MOST_WHOLE, offset: 0 };
    return (await memories.list({ namespaces, path: name, lined }, page, caller)).memories;
  };
  for (const name of [path, ...formerNames]) {
    const whole = (await listed(name, false)).filter(({ provenance }) => provenance.source !== COMMITS);
    const all = new Map([...(await listed(name, true)), ...whole].map(memory => [memory.id, memory]));
    for (const memory of all.values()) {
      const known = found.get(memory.id);
      const own = anchorsTo(memory, name, repository);
      if (own.length > 0)
        found.set(memory.id, { ...shown(memory), anchors: [...(known?.anchors ?? []), ...own] });
    }
  }
  const newestFirst = [...found.values()].sort((a, b) => b.createdAt - a.createdAt);
  return { place, memories: newestFirst.slice(0, MOST) };
}

function anchorsTo({ anchors }: Memory, path: string, repository: string | undefined): readonly Anchor[] {
  return anchors.filter(
    anchor => anchor.path === path && (anchor.repository === undefined || anchor.repository === repository),
  );
}

function shown({ agent, content, createdAt, id, pinned, type }: Memory): Omit<AnchoredMemory, 'anchors'> {
  const begin = content.length > SHOWN ? `${content.slice(0, SHOWN).toWellFormed().trimEnd()} …` : content;
  return { id, content: begin, type, agent, pinned, createdAt };
}

/** Where the places in code are now that a memory names. Rejects with `not_found` for a memory that is not there. */
export async function placesOf(
  { anchors: { copies }, memories }: Pick<Engine, 'anchors' | 'memories'>,
  id: string,
  caller: Caller,
  sha256: (text: string) => string,
  signal: AbortSignal,
): Promise<readonly PlaceNow[]> {
  const { anchors, namespace } = await memories.get(id, caller);
  const placeIn = async (anchor: Anchor, there: WorkingFile): Promise<PlaceNow> => {
    const { file } = there;
    const text = isChecked(anchor) ? await there.text() : undefined;
    if (!isChecked(anchor) || text === undefined)
      return { anchor, file, ...lines(anchor), state: 'unchecked' };
    return { anchor, file, ...(await locateAnchor(linesOf(text), anchor, sha256, signal)) };
  };
  return Promise.all(
    anchors.map(async (anchor): Promise<PlaceNow> => {
      const { commit, path, repository = namespace } = anchor;
      const there = await copies.look(repository, path);
      if (there === undefined) return { anchor, state: 'away' };
      if (there !== 'absent') return placeIn(anchor, there);
      const fate = await copies.fateOf(repository, path, commit, signal);
      const renamed = fate.kind === 'renamed' ? await copies.look(repository, fate.path) : undefined;
      if (renamed === undefined || renamed === 'absent') return { anchor, state: 'gone', fate };
      const place = await placeIn(anchor, renamed);
      return { ...place, fate, state: place.state === 'here' ? 'moved' : place.state };
    }),
  );
}

function lines({ endLine, startLine }: Anchor): Pick<PlaceNow, 'startLine' | 'endLine'> {
  return startLine === undefined ? {} : { startLine, endLine: endLine ?? startLine };
}
