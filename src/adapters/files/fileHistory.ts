import type { FileFate } from '../../engine/ports/workingCopies.ts';

/** A file that was renamed more often has lost its trace. */
const MOST_RENAMES = 20;

/** What a git command prints, split at NUL; throws where git fails. */
export type Git = (folder: string, args: readonly string[], signal: AbortSignal) => AsyncIterable<string>;

/** What git knows of files that are not, or were not always, where they are named. Where it fails it knows nothing. */
export class FileHistory {
  readonly #root: string;
  readonly #git: Git;
  readonly #signal: AbortSignal;

  constructor(root: string, git: Git, signal: AbortSignal) {
    this.#root = root;
    this.#git = git;
    this.#signal = signal;
  }

  /**
   * @param path that is not there @param isThere of another path
   * @param commit that had it once
   */
  async fateOf(
    path: string,
    commit: string | undefined,
    isThere: (path: string) => Promise<boolean>,
  ): Promise<FileFate> {
    let at = path;
    for (let renames = 0; renames < MOST_RENAMES; renames++) {
      const deleted = await this.#deletion(at);
      // What is not committed yet comes after all commits.
      const next = (await this.#renamed(at)) ?? (deleted && (await this.#renamed(at, deleted)));
      if (next === undefined && deleted !== undefined) return { kind: 'deleted', commit: deleted };
      if (next === undefined) break;
      if (await isThere(next)) return { kind: 'renamed', path: next };
      at = next;
    }
    if (commit === undefined || !/^[0-9a-f]{4,64}$/.test(commit)) return { kind: 'unknown' };
    const [had] = await this.#ask(['rev-parse', '--verify', '--quiet', `${commit}:${path}`]);
    return had ? { kind: 'elsewhere', commit } : { kind: 'unknown' };
  }

  /** Names that a file had before, the latest first. */
  async formerPaths(path: string): Promise<readonly string[]> {
    const follow = [
      'log',
      '--follow',
      '--find-renames',
      '--diff-filter=R',
      '--format=',
      '--name-status',
      '-z',
    ];
    const waiting = renamesIn(await this.#ask([...UNCOMMITTED])).find(({ to }) => to === path)?.from;
    const committed = await this.#ask([...follow, `-n${MOST_RENAMES}`, '--', waiting ?? path]);
    const all = [
      ...(waiting === undefined ? [] : [waiting]),
      ...renamesIn(committed).map(({ from }) => from),
    ];
    return [...new Set(all)].filter(one => one !== path).slice(0, MOST_RENAMES);
  }

  /** The latest commit that took the file away. */
  async #deletion(path: string): Promise<string | undefined> {
    const args = ['log', '-1', '--no-renames', '--diff-filter=D', '--format=%H', '--', path];
    return (await this.#ask(args))[0]?.trim() || undefined;
  }

  /** @param commit undefined: what is not committed yet */
  async #renamed(path: string, commit?: string): Promise<string | undefined> {
    const args =
      commit === undefined
        ? UNCOMMITTED
        : ['show', '--find-renames', '--diff-filter=R', '--format=', '--name-status', '-z', commit, '--'];
    return renamesIn(await this.#ask(args)).find(({ from }) => from === path)?.to;
  }

  async #ask(args: readonly string[]): Promise<readonly string[]> {
    try {
      const records: string[] = [];
      for await (const record of this.#git(this.#root, args, this.#signal)) records.push(record);
      return records;
    } catch {
      this.#signal.throwIfAborted();
      return [];
    }
  }
}

/** Of the index, where a renamed file still has its text of before, whatever is typed into it. */
const UNCOMMITTED: readonly string[] = [
  'diff',
  '--cached',
  '--no-ext-diff',
  '--find-renames',
  '--diff-filter=R',
  '--name-status',
  '-z',
  'HEAD',
  '--',
];

/** `R100`, the old name, the new name, and again. */
function renamesIn(records: readonly string[]): readonly { readonly from: string; readonly to: string }[] {
  return records.flatMap((record, i) => {
    const [from, to] = records.slice(i + 1, i + 3);
    return i % 3 === 0 && /^\s*R\d*$/.test(record) && from && to ? [{ from, to }] : [];
  });
}
