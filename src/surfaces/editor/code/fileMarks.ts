import { type CheckedAnchor, isChecked, locateAnchor } from '../../../engine/anchors/locateAnchor.ts';
import type { AnchoredFile, AnchoredMemory } from '../engine/anchored.ts';
import { type Edit, followEdit, type Lines } from './followEdits.ts';

/** A text of more is not searched: its marks stay where they are written. Characters. */
const MAX_CHARS = 1_000_000;

/** So many marks that are gone are followed on. */
const MOST_GONE = 100;

/** `unchecked`: nobody can tell. `whole`: of the file as a whole; it is beside the first line, whatever stands there. */
export type MarkState = 'here' | 'moved' | 'changed' | 'unchecked' | 'whole';

/** One place of a file that a memory speaks of. */
export interface Mark {
  readonly memory: AnchoredMemory;
  readonly anchor: AnchoredMemory['anchors'][number];
  readonly lines: Lines;
  readonly state: MarkState;
}

/** The marks of one document, which follow what is typed in it. */
export class FileMarks {
  readonly place: AnchoredFile['place'];
  readonly #sha256: (text: string) => string;
  #marks: readonly Mark[];
  #gone: readonly Mark[] = [];

  constructor({ memories, place }: AnchoredFile, sha256: (text: string) => string) {
    this.place = place;
    this.#sha256 = sha256;
    this.#marks = memories.flatMap(memory =>
      memory.anchors.map((anchor): Mark => ({ memory, anchor, ...placeOfAnchor(anchor) })),
    );
  }

  /** By their first lines, the newest memories first. */
  get all(): readonly Mark[] {
    return this.#marks;
  }

  /** Takes over where marks of before stand; those that are gone are followed on, since an undone change brings them back. */
  continue(before: FileMarks): void {
    const known = new Map([...before.#gone, ...before.#marks].map(mark => [markKey(mark), mark]));
    this.#marks = this.#marks.map(mark => {
      const same = known.get(markKey(mark));
      known.delete(markKey(mark));
      return same ? { ...mark, lines: same.lines, state: same.state } : mark;
    });
    this.#gone = [...known.values()].slice(-MOST_GONE);
  }

  /** Cheap: it is called for every keystroke. @param edits from the end of the document to its begin, as the editor tells them */
  follow(edits: readonly Edit[]): void {
    const followed = (mark: Mark): Mark =>
      mark.state === 'whole' ? mark : { ...mark, lines: edits.reduce(followEdit, mark.lines) };
    this.#marks = this.#marks.map(followed);
    this.#gone = this.#gone.map(followed);
  }

  /**
   * Looks where the code is now, and which has changed. Rejects with the signal's reason.
   * @param text the document's lines
   */
  async locate(text: readonly string[], signal: AbortSignal): Promise<void> {
    if (text.reduce((sum, line) => sum + line.length + 1, 0) > MAX_CHARS) return;
    const located: Mark[] = [];
    for (const mark of this.#marks) located.push(await this.#located(mark, text, signal));
    signal.throwIfAborted();
    this.#marks = located.sort((a, b) => a.lines.start - b.lines.start);
  }

  async #located(mark: Mark, text: readonly string[], signal: AbortSignal): Promise<Mark> {
    const { anchor } = mark;
    if (!isChecked(anchor)) return { ...mark, lines: within(mark.lines, text.length) };
    // From where it was followed to, which may be far from where it was stored.
    const from: CheckedAnchor = {
      ...anchor,
      startLine: mark.lines.start + 1,
      endLine: mark.lines.start + 1 + (anchor.endLine ?? anchor.startLine) - anchor.startLine,
    };
    const found = await locateAnchor(text, from, this.#sha256, signal);
    if (found.state === 'changed')
      return { ...mark, state: 'changed', lines: within(mark.lines, text.length) };
    const own = found.startLine === anchor.startLine && anchor.path === this.place.path;
    const lines = { start: found.startLine - 1, end: found.endLine - 1 };
    return { ...mark, lines, state: own ? 'here' : 'moved' };
  }
}

export function marksAt(marks: readonly Mark[], line: number): readonly Mark[] {
  return marks.filter(({ lines }) => lines.start <= line && line <= lines.end);
}

/** A memory that is anchored twice counts once, as what needs a look if any of them does. */
export function oneForEachMemory(marks: readonly Mark[]): readonly Mark[] {
  const found = new Map<string, Mark>();
  for (const mark of marks) {
    const known = found.get(mark.memory.id);
    if (!known || mark.state === 'changed') found.set(mark.memory.id, mark);
  }
  return [...found.values()];
}

/** As it is written, before anybody has looked. */
function placeOfAnchor({ endLine, startLine }: Mark['anchor']): Pick<Mark, 'lines' | 'state'> {
  if (startLine === undefined) return { lines: { start: 0, end: 0 }, state: 'whole' };
  const end = Math.max(startLine, endLine ?? startLine) - 1;
  return { lines: { start: startLine - 1, end }, state: 'unchecked' };
}

function within({ end, start }: Lines, count: number): Lines {
  const last = Math.max(0, count - 1);
  return { start: Math.min(start, last), end: Math.min(end, last) };
}

function markKey({ anchor, memory }: Mark): string {
  return `${memory.id}\0${anchor.path}\0${anchor.startLine}\0${anchor.endLine}\0${anchor.textHash}`;
}
