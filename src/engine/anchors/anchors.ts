import { oneLine } from '../foreignText.ts';
import type { Anchor, Memory } from '../model/memory.ts';
import type { WorkingCopies, WorkingFile } from '../ports/workingCopies.ts';
import { within } from '../within.ts';
import { anchoredText, linesOf } from './anchoredText.ts';
import { type AnchorPlace, type CheckedAnchor, isChecked, locateAnchor } from './locateAnchor.ts';

/** More files than these are not looked at for one answer. */
const MOST_FILES = 64;
/** Places that are remembered; the oldest go first. */
const MOST_PLACES = 10_000;

/** What is stored waits longer for its hash than an answer for a verdict: without it nobody could ever tell. */
const HASH_MS = 3000;

export interface AnchorsOptions {
  readonly copies: WorkingCopies;
  readonly sha256: (text: string) => string;
  /** How long an answer waits for files: milliseconds. */
  readonly patienceMs: number;
}

/** How far is looked for one answer, where that is other than for most. */
export interface Reach {
  /** Milliseconds. */
  readonly patienceMs: number;
  /** Files at most. */
  readonly files: number;
}

/** What is asked of one file. */
interface FileCheck {
  readonly repository: string;
  readonly path: string;
  readonly anchors: { readonly id: string; readonly anchor: CheckedAnchor }[];
}

interface KnownPlace {
  readonly stamp: string;
  readonly place: AnchorPlace;
}

/** Whether the code that memories speak of still is what it was, as far as it is at hand. */
export class Anchors {
  readonly copies: WorkingCopies;
  readonly #options: AnchorsOptions;
  readonly #places = new Map<string, KnownPlace>();

  constructor(options: AnchorsOptions) {
    this.#options = options;
    this.copies = options.copies;
  }

  /**
   * What is no longer as it was, in words such as `src/retry.ts:2-4 changed since`, by the memory's id; nothing of those whose code is
   * unchanged, has only moved, or is not at hand. What takes longer than the patience is left out, and known the next time.
   */
  async stale(
    memories: readonly Pick<Memory, 'id' | 'namespace' | 'anchors'>[],
    { patienceMs, files: most }: Reach = { patienceMs: this.#options.patienceMs, files: MOST_FILES },
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, readonly string[]>();
    const files = filesOf(memories, most);
    if (files.length === 0) return found;
    const note = (id: string, text: string) => found.set(id, [...(found.get(id) ?? []), text]);
    const checks = Promise.allSettled(files.map(file => this.#check(file, note)));
    await within(checks, patienceMs, () => undefined);
    return new Map(found);
  }

  /** The same, with the hash of their present text for those to lines that have none: without it nobody could check them later. */
  async hashed(anchors: readonly Anchor[], namespace: string): Promise<readonly Anchor[]> {
    if (anchors.every(anchor => anchor.startLine === undefined || anchor.textHash !== undefined))
      return anchors;
    const hashed = anchors.map(anchor => this.#hashed(anchor, namespace).catch(() => anchor));
    return within(Promise.all(hashed), HASH_MS, () => anchors);
  }

  async #hashed(anchor: Anchor, namespace: string): Promise<Anchor> {
    const { endLine, path, repository = namespace, startLine, textHash } = anchor;
    if (startLine === undefined || textHash !== undefined) return anchor;
    const file = await this.copies.look(repository, path);
    const text = file === undefined || file === 'absent' ? undefined : await file.text();
    const lines = text === undefined ? [] : linesOf(text);
    if (startLine > lines.length) return anchor;
    return {
      ...anchor,
      textHash: this.#options.sha256(anchoredText(lines, startLine, endLine ?? startLine)),
    };
  }

  async #check({ repository, path, anchors }: FileCheck, note: (id: string, text: string) => void) {
    const file = await this.copies.look(repository, path);
    if (file === undefined) return;
    const shown = oneLine(path);
    let lines: Promise<readonly string[] | undefined> | undefined;
    const read = () => {
      lines ??= (file as WorkingFile).text().then(text => (text === undefined ? undefined : linesOf(text)));
      return lines;
    };
    for (const { id, anchor } of anchors) {
      if (file === 'absent') note(id, `${shown} is not there any more`);
      else if ((await this.#place(`${repository}\0${path}`, anchor, file.stamp, read))?.state === 'changed')
        note(id, `${shown}:${shownLines(anchor)} changed since`);
    }
  }

  /** undefined: nobody can tell. */
  async #place(
    file: string,
    anchor: CheckedAnchor,
    stamp: string,
    read: () => Promise<readonly string[] | undefined>,
  ): Promise<AnchorPlace | undefined> {
    const key = `${file}\0${shownLines(anchor)}\0${anchor.textHash}`;
    const known = this.#places.get(key);
    if (known?.stamp === stamp) return known.place;
    const lines = await read();
    if (lines === undefined) return undefined;
    const place = await locateAnchor(lines, anchor, this.#options.sha256);
    this.#places.delete(key);
    if (this.#places.size >= MOST_PLACES) this.#places.delete(this.#places.keys().next().value!);
    this.#places.set(key, { stamp, place });
    return place;
  }
}

/** Of the anchors that can be checked, file by file, whose text is then read once. */
function filesOf(
  memories: readonly Pick<Memory, 'id' | 'namespace' | 'anchors'>[],
  most: number,
): readonly FileCheck[] {
  const files = new Map<string, FileCheck>();
  for (const { anchors, id, namespace } of memories) {
    for (const anchor of anchors) {
      if (!isChecked(anchor)) continue;
      const { path, repository = namespace } = anchor;
      const key = `${repository}\0${path}`;
      if (!files.has(key) && files.size >= most) continue;
      const file = files.get(key) ?? { repository, path, anchors: [] };
      files.set(key, file);
      file.anchors.push({ id, anchor });
    }
  }
  return [...files.values()];
}

function shownLines({ endLine, startLine }: CheckedAnchor): string {
  return endLine === undefined || endLine === startLine ? `${startLine}` : `${startLine}-${endLine}`;
}
